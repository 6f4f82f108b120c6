"""How it looks: the quiet of a museum. Warm paper, one accent, serif titles, nothing fetched."""

from importlib.resources import files

from gradio.themes import Base, Color
from gradio.themes.utils.sizes import Size

_STATIC = files("ganzoo.gallery").joinpath("static")
SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")

PAPER = Color(
    name="paper",
    c50="#fbf9f5",
    c100="#f4f0e9",
    c200="#e6e0d5",
    c300="#d3cbbd",
    c400="#8b8376",
    c500="#6b645a",
    c600="#57514a",
    c700="#3a3632",
    c800="#262320",
    c900="#1b1917",
    c950="#131211",
)
VERMILION = Color(
    name="vermilion",
    c50="#fdf3ef",
    c100="#fae3da",
    c200="#f4c4b4",
    c300="#eda48d",
    c400="#e68a70",
    c500="#c4543a",
    c600="#a63d26",
    c700="#8b3220",
    c800="#6b2719",
    c900="#4a1b11",
    c950="#2d100a",
)
SPACES = Size(
    name="spaces", xxs="2px", xs="4px", sm="6px", md="8px", lg="12px", xl="16px", xxl="24px"
)
CORNERS = Size(
    name="corners", xxs="1px", xs="2px", sm="2px", md="3px", lg="4px", xl="4px", xxl="6px"
)


def theme() -> Base:
    """Gradio's widgets in our colours: fonts are the visitor's own."""
    look = Base(
        primary_hue=VERMILION,
        secondary_hue=PAPER,
        neutral_hue=PAPER,
        spacing_size=SPACES,
        radius_size=CORNERS,
        font=SANS,
        font_mono=MONO,
    )
    return look.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="#ece7de",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="#a8a195",
        background_fill_primary="*neutral_50",
        background_fill_primary_dark="*neutral_950",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="*neutral_900",
        border_color_primary="*neutral_200",
        border_color_primary_dark="*neutral_700",
        border_color_accent="*primary_600",
        border_color_accent_dark="*primary_400",
        color_accent="*primary_600",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_padding="0px",
        block_shadow="none",
        block_title_text_color="*neutral_600",
        block_title_text_color_dark="#b5ada1",
        block_title_text_size="*text_sm",
        block_title_text_weight="500",
        block_title_background_fill="transparent",
        block_title_background_fill_dark="transparent",
        block_info_text_color="*neutral_500",
        block_info_text_color_dark="#a8a195",
        panel_background_fill="transparent",
        panel_background_fill_dark="transparent",
        panel_border_width="0px",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_background_fill_focus="white",
        input_background_fill_focus_dark="*neutral_900",
        input_border_color="*neutral_400",
        input_border_color_dark="*neutral_500",
        input_border_color_focus="*primary_600",
        input_border_color_focus_dark="*primary_400",
        input_border_width="1px",
        input_border_width_dark="1px",
        input_shadow="none",
        input_shadow_focus="none",
        input_radius="*radius_md",
        link_text_color="*primary_600",
        link_text_color_dark="*primary_400",
        link_text_color_hover="*primary_700",
        link_text_color_hover_dark="*primary_300",
        link_text_color_active="*primary_700",
        link_text_color_active_dark="*primary_300",
        link_text_color_visited="*primary_600",
        link_text_color_visited_dark="*primary_400",
        slider_color="*primary_600",
        slider_color_dark="*primary_400",
        loader_color="*primary_600",
        loader_color_dark="*primary_400",
        button_transition="none",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_dark="*primary_400",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_hover_dark="*primary_300",
        button_primary_text_color="white",
        button_primary_text_color_dark="*neutral_950",
        button_primary_text_color_hover_dark="*neutral_950",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_hover_dark="*neutral_800",
        button_secondary_border_color="*neutral_400",
        button_secondary_border_color_dark="*neutral_500",
        button_secondary_text_color="*neutral_900",
        button_secondary_text_color_dark="#ece7de",
        button_border_width="1px",
        button_border_width_dark="1px",
        button_large_text_weight="500",
        button_large_radius="*radius_md",
        checkbox_border_color="*neutral_500",
        checkbox_border_color_dark="*neutral_400",
        checkbox_label_border_color="*neutral_400",
        checkbox_label_border_color_dark="*neutral_500",
        checkbox_label_background_fill="transparent",
        checkbox_label_background_fill_dark="transparent",
        checkbox_background_color_selected="*primary_600",
        checkbox_background_color_selected_dark="*primary_400",
        error_background_fill="*neutral_50",
        error_background_fill_dark="*neutral_900",
    )


def head() -> str:
    """What the page needs before it is built: its style, and the scripts for addresses and keys.

    The style is not given to Gradio as ``css``, which would rewrite its selectors.
    """
    views = sorted(p.name for p in _STATIC.joinpath("views").iterdir())  # one file for a view
    styles = "".join(map(_static, ["gallery.css", *(f"views/{name}" for name in views)]))
    scripts = "".join(f"<script>{_static(name)}</script>" for name in ("gallery.js", "pencil.js"))
    return f"<style>{styles}</style>{scripts}"


def _static(name: str) -> str:
    return _STATIC.joinpath(name).read_text("utf-8")
