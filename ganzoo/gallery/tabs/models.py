"""Models: what is loaded, where it comes from, and how to bring in another one."""

import re
from dataclasses import dataclass
from html import escape

import gradio as gr

from ganzoo import hub
from ganzoo.bundle import Bundle
from ganzoo.errors import GanzooError, InputError
from ganzoo.gallery import guests, hung, placard, widgets
from ganzoo.gallery.address import Control, href, said
from ganzoo.gallery.front.views import plays
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.zoo import Zoo

LONGEST = 200  # characters of a name or of words to look for
PRESS = "Bring it in"
HINT = "user/name, or user/name@revision"
ELSEWHERE = {  # licences that have no name of their own
    "AS-THE-DATA": "as its data",
    "AS-THE-WEIGHTS-BEFORE": "as the weights it began with",
    "AS-SEVERAL-ASK": "as its data and the weights it began with",
}


@dataclass(frozen=True, kw_only=True)
class Words(Control):
    """A few words, on one line."""

    default: str = ""

    def read(self, value: object) -> str:
        text = "" if value is None else value
        if not isinstance(text, str) or len(text) > LONGEST or not text.isprintable():
            raise InputError(
                f"{self.called} is one line of at most {LONGEST} letters; got {said(value)}"
            )
        return text.strip()


# -- what is here ---------------------------------------------------------------------------------


def draw_residents(zoo: Zoo) -> str:
    """Everything that is loaded: what it is, how much room it takes, whose it is."""
    awake = zoo.awake()
    rows = "".join(_row(zoo.bundle(name), awake.get(name)) for name in zoo.names())
    problems = "".join(
        f"<p class='problem'><b>{escape(name)}</b>: {escape(why)}</p>"
        for name, why in zoo.problems.items()
    )
    told = (
        f"{len(zoo.names())} models are here, {len(awake)} of them awake: "
        f"{_mib(sum(awake.values()))} of at most {_mib(zoo.limit_bytes)} in memory. "
        "A model wakes when somebody asks it for a picture."
    )
    return (
        f"<h2 class='part'>Loaded here</h2><p class='fine'>{told}</p>"
        f"<div class='models' role='table' aria-label='Models'>{_head()}{rows}</div>{problems}"
    )


def _head() -> str:
    names = ("Model", "Learned from", "Size", "Comes from", "Licence")
    cells = "".join(f"<span role='columnheader'>{name}</span>" for name in names)
    return f"<div class='head' role='row'>{cells}</div>"


def _row(bundle: Bundle, awake: int | None) -> str:
    paper, data = bundle.paper, bundle.config.data
    views = plays(bundle)
    name = escape(bundle.name)
    named = (
        f'<a href="{escape(href(views[0][0], model=bundle.name))}">{name}</a>' if views else name
    )
    room = f"{_mib(_disk(bundle))} on disk"
    if awake:
        room += f", <b>{_mib(awake)} awake</b>"
    cells = (
        f"<b>{named}</b><small>{escape(paper.nickname)}, {paper.year}</small>",
        escape(data.title) if data else "—",
        f"{bundle.parameters():,} parameters<small>{room}</small>",
        _origin(bundle),
        _licence(bundle),
    )
    return f"<div role='row'>{''.join(f'<div role=cell>{cell}</div>' for cell in cells)}</div>"


def _origin(bundle: Bundle) -> str:
    """Whose weights these are: the Hub's, another project's, or ganzoo's own."""
    config, home = bundle.config, hub.home(bundle.folder)
    told = "trained by ganzoo"
    if (begun := config.beginning) and not begun.continued:
        told += f"<small>from the weights of {escape(begun.name)}</small>"
    if source := config.provenance:
        told = f"{escape(source.source)}<small>as {escape(source.format)}</small>"
    if home is None:
        return told
    commit = (home.revision or "")[:12]
    return f"the Hub: {escape(home.repo)}<small>at {escape(commit)}; {told}</small>"


def _licence(bundle: Bundle) -> str:
    data = bundle.config.data
    of_data = f"<small>its data: {escape(data.licence)}</small>" if data else ""
    return f"{escape(_weights_licence(bundle))}{of_data}"


def _weights_licence(bundle: Bundle) -> str:
    if source := bundle.config.provenance:
        return source.licence
    told = hub.licence(bundle)
    name = told.get("license_name", told["license"]).upper()
    named = re.sub(r"^CC-(.*)-([\d.]+)$", r"CC \1 \2", name)
    return ELSEWHERE.get(named, named)


# -- who is brought in ----------------------------------------------------------------------------


def draw_guest(zoo: Zoo, add: str) -> str:
    """Whoever was brought in under this name; before, how to do it."""
    if not add:
        return ""
    try:
        guest = guests.here(zoo, hub.repository(add))
    except GanzooError:
        return ""  # who presses is told, above
    if guest is None:
        return (
            f"<p class='fine'>{escape(add)} is fetched from the Hub when you press “{PRESS}”: "
            f"at most {_mib(zoo.guest_bytes)}, safetensors only; nothing is executed.</p>"
        )
    return _guest(guest)


def bring(zoo: Zoo, add: str) -> str:
    """Fetches a model from the Hub and shows where it can be seen."""
    if not add:
        raise InputError(f"which model? Its name on the Hub is {HINT}")
    return _guest(guests.bring(zoo, add))


def _guest(bundle: Bundle) -> str:
    paper, ref = bundle.paper, guests.origin(bundle.name)
    assert ref is not None
    links = " ".join(
        f'<a href="{escape(href(view, model=bundle.name))}">{escape(tab.title)}</a>'
        for view, tab in plays(bundle)
    )
    picture = hung.preview(bundle)
    shown = f"<img src='{escape(picture)}' alt='Samples of {escape(ref.repo)}'>" if picture else ""
    return (
        f"<article class='guest' id='guest'>{shown}<div><h3>{escape(ref.repo)} "
        f"<span>{escape(paper.nickname)}, {paper.year}</span></h3>"
        f"<p class='fine'>{placard.training(bundle)}, {_mib(_disk(bundle))}; "
        f"licence: {escape(_weights_licence(bundle))}</p>"
        f"<p class='plays'>{links or 'No view here can show what it does.'}</p>"
        "<p class='fine'>Whoever has the link to one of these views sees it too, as long as there "
        "is room for it. The operator keeps it with</p>"
        f"<pre>ganzoo pull {escape(str(ref))} --keep</pre></div></article>"
    )


# -- who could be ---------------------------------------------------------------------------------


def draw_found(zoo: Zoo, find: str) -> str:
    """What the Hub has that is tagged ``ganzoo``."""
    found = hub.search(find)
    if not found:
        what = f"called {said(find)}" if find else "tagged ganzoo"
        return f"<p class='fine'>The Hub has nothing {escape(what)} yet.</p>"
    return f"<ul class='found'>{''.join(map(_found, found))}</ul>"


def _found(one: hub.Found) -> str:
    told = [
        one.task.replace("-", " "),
        f"fetched {one.downloads:,} times",
        f"changed {one.updated}",
    ]
    return (
        f'<li><a href="{escape(href("models", add=one.repo))}">{escape(one.repo)}</a> '
        f"<span class='fine'>{escape(', '.join(part for part in told if part))}</span></li>"
    )


# -- for programs ---------------------------------------------------------------------------------


def models(zoo: Zoo) -> list[dict[str, str | int | list[str]]]:
    """Lists the models at hand: name, paper, abilities, bytes on disk and in memory, licence."""
    awake = zoo.awake()
    return [
        {
            "name": bundle.name,
            "paper": bundle.paper.nickname,
            "year": bundle.paper.year,
            "abilities": sorted(bundle.abilities),
            "disk_bytes": _disk(bundle),
            "memory_bytes": awake.get(bundle.name, 0),
            "licence": hub.licence(bundle)["license"],
        }
        for bundle in map(zoo.bundle, zoo.names())
    ]


def add_model(zoo: Zoo, name: str) -> str:
    """Fetches a model from the Hugging Face Hub (`user/name` or `user/name@revision`).

    Returns the name under which the other endpoints know it, as `model`.
    """
    return guests.bring(zoo, name).name


def _disk(bundle: Bundle) -> int:
    files = (bundle.folder / name for name in bundle.config.sha256)
    return sum(path.stat().st_size for path in files if path.is_file())


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB" if size < 10 * 2**20 else f"{size / 2**20:,.0f} MiB"


def build(stage: Stage) -> None:
    adding = stage.zoo.guest_bytes > 0
    with stage.controls():
        add = gr.Textbox(
            label="Name on the Hugging Face Hub",
            placeholder=HINT,
            visible=adding,
            scale=3,
            min_width=260,
        )
        press = gr.Button(PRESS, variant="primary", visible=adding, min_width=130)
    brought = widgets.html()
    if not adding:
        widgets.html("<p class='fine'>The operator of this gallery has switched adding off.</p>")
    with gr.Row(elem_classes="controls", visible=adding, equal_height=False):
        find = gr.Textbox(
            label="Find bundles there",
            placeholder="faces, digits, a maker’s name; or nothing, for all",
            scale=3,
            min_width=260,
        )
        seek = gr.Button("Search", min_width=130)
    found = widgets.html()
    residents = widgets.html()
    stage.bind(add=add, find=find)
    stage.draws(draw_residents, residents)
    stage.action(models, "models")
    if adding:
        stage.draws(draw_guest, brought)
        stage.draws(bring, brought, on=press, abroad=True, unasked=False)
        stage.draws(draw_found, found, on=seek, abroad=True, unasked=False)
        stage.action(add_model, "add_model", abroad=True)


ENTRY = Tab(
    room="Share",
    title="Models",
    heading="Who lives here, and who may come",
    order=90,
    explainer=Explainer(
        sentence="Every model here is a folder: weights that hold no code, and a page that says "
        "how they were made. Bring one in from the Hugging Face Hub, and it hangs in the same "
        "frames as the famous ones, for you and whoever has your link.",
        more="**To publish your own:** `ganzoo push BUNDLE user/name` creates a repository on the "
        "Hub with weights, settings, previews and a model card; `--dry-run` says first what it "
        "would do. Anyone opens it with `hub:user/name@revision`, here, on the command line and "
        "in Python.\n\n"
        "**What is looked at before a model comes in:** that every file is the one that the Hub "
        "lists and the model’s own settings vouch for, that it is small enough, that the weights "
        "fit the network they name. A name in a downloaded file only ever picks a network that "
        "ganzoo has; nothing in the file is executed.",
    ),
    address=(Words(name="add"), Words(name="find")),
    build=build,
)
