"""The gallery: rooms of tabs, each shown if some bundle can fill it."""

import json
from collections.abc import Iterable
from html import escape
from threading import Thread
from typing import Any

import gradio as gr
import torch

from ganzoo.allocator import keep_freed_memory
from ganzoo.gallery import server, theme
from ganzoo.gallery.front.sheet import draw_sheet, today
from ganzoo.gallery.placard import MATHS, citation
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.swept import Swept
from ganzoo.gallery.tabs import ROOMS, Explainer, Tab, tabs
from ganzoo.gallery.widgets import html
from ganzoo.zoo import Zoo

WAITING = 32  # visitors in the queue; further ones are told that the gallery is full
REMEMBERED = 512  # visitors, and calls of programs, each of whom takes about a megabyte
KEPT = 3600  # seconds until a file made for a program is deleted
LARGEST_UPLOAD = "20mb"
Views = dict[str, Tab]


def shown(zoo: Zoo) -> Views:
    """The tabs that some bundle can fill, by view: the rooms in order, then each tab's order."""
    filled = {name: tab for name, tab in tabs.items() if not tab.needs or zoo.names(*tab.needs)}
    ranked = sorted(filled, key=lambda name: (ROOMS.index(filled[name].room), filled[name].order))
    return {name: filled[name] for name in ranked}


def build(zoo: Zoo) -> gr.Blocks:
    """All rooms; nothing is drawn before a visitor opens one."""
    views = shown(zoo)
    with gr.Blocks(title="ganzoo", analytics_enabled=False, delete_cache=(KEPT, KEPT)) as demo:
        bar = html(_bar(views), elem_id="nav", js_on_load=_router(zoo, views))
        columns = [_hang(zoo, name, views) for name in views]
        html(_footer(), elem_id="colophon")
        bar.change(None, None, columns, js="() => ganzoo.columns()", api_visibility="private")
    swept = [Swept(files) for files in demo.temp_file_sets]
    demo.temp_file_sets = swept  # type: ignore[assignment]
    return demo.queue(max_size=WAITING)


def launch(zoo: Zoo, host: str = "127.0.0.1", port: int | None = None) -> gr.Blocks:
    """Serves the gallery from now on; ``local_url`` says where, ``block_thread()`` waits.

    Args:
        host: ``0.0.0.0`` serves the whole network.
        port: None takes the first free one from 7860 on.

    Raises:
        OSError: if the port is taken.
    """
    keep_freed_memory()
    demo = build(zoo)
    demo.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        theme=theme.theme(),
        head=theme.head(),
        footer_links=[],
        ssr_mode=False,
        share=False,
        max_file_size=LARGEST_UPLOAD,
        state_session_capacity=REMEMBERED,
        app_kwargs=dict(server.settings(zoo, shown(zoo))),
        _frontend=False,  # gives up if a busy machine needs three seconds for the first page
    )
    paint_ahead(zoo)
    return demo


def paint_ahead(zoo: Zoo) -> None:
    """Paints the day's sheet beside everything else, so that the first visitor finds it hung.

    A GPU paints in no time, and may be lent to requests only: there nothing is painted ahead.
    """
    if not torch.cuda.is_available():
        Thread(target=draw_sheet, args=(zoo, today())).start()


def _hang(zoo: Zoo, name: str, views: Views) -> gr.Column:
    tab = views[name]
    stage = Stage(zoo, name, tab.needs, tab.address, tuple(views))
    with gr.Column(visible=False, elem_id=f"view-{name}", elem_classes="view") as column:
        html(
            f'<h1 tabindex="-1">{escape(tab.heading or tab.title)}</h1>'
            f'<p class="sentence">{escape(tab.explainer.sentence)}</p>'
        )
        tab.build(stage)
        stage.finish()
        _explain(tab.explainer)
    return column


def _explain(explainer: Explainer) -> None:
    if not (explainer.equation or explainer.more):
        return
    with gr.Accordion("How it works", open=False, elem_classes="how"):
        if explainer.equation:
            gr.Markdown(f"$${explainer.equation}$$", latex_delimiters=MATHS)
        if explainer.more:
            gr.Markdown(explainer.more, latex_delimiters=MATHS)
        if explainer.paper:
            html(f'<p class="fine">{citation(explainer.paper)}</p>')


def _bar(views: Views) -> str:
    rooms = dict.fromkeys(tab.room for tab in views.values())
    first = {room: next(v for v, tab in views.items() if tab.room == room) for room in rooms}
    return (
        '<button type="button" class="skip" data-skip>Skip the rooms</button>'
        '<header><a class="wordmark" href="?">ganzoo</a><nav aria-label="Rooms">'
        + _links((first[room], room, room) for room in rooms)
        + "</nav></header>"
        + "".join(_room(room, views) for room in rooms)
    )


def _room(room: str, views: Views) -> str:
    inside = [(name, tab.title, "") for name, tab in views.items() if tab.room == room]
    if len(inside) < 2:
        return ""
    return (
        f'<nav class="inner" data-views-of="{escape(room)}" hidden '
        f'aria-label="{escape(room)}">{_links(inside)}</nav>'
    )


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    return "".join(
        f'<a href="?view={view}" data-view="{view}"'
        + (f' data-room="{escape(room)}"' if room else "")
        + f">{escape(title)}</a>"
        for view, title, room in links
    )


def _router(zoo: Zoo, views: Views) -> str:
    known: list[dict[str, Any]] = [
        {"view": v, "room": t.room, "title": t.title, "models": zoo.names(*t.needs)}
        for v, t in views.items()
    ]
    return f"ganzoo.open({json.dumps(known)}, () => trigger('change'));"


def _footer() -> str:
    return (
        "<p>Every picture here was painted on this machine by the network named beside it, except "
        "those that are called real. Nothing about you is kept unless you say yes to it.</p>"
    )
