"""A handler as programs call it: what they give is checked like an address, the answer is JSON."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import gradio as gr
from gradio.data_classes import FileData

from ganzoo.errors import GanzooError
from ganzoo.gallery.address import Control
from ganzoo.gallery.drawing import Handler
from ganzoo.zoo import Zoo


def endpoint(
    handler: Handler,
    zoo: Zoo,
    controls: Callable[[], Sequence[Control]],
    made: set[str],
) -> Callable[..., Any]:
    """A function for Gradio to offer: ``handler`` without the zoo.

    Args:
        controls: of the view, as the bundles at hand define them now.
        made: takes down the files of the answers.
    """
    parameters = list(inspect.signature(handler).parameters.values())[1:]

    @wraps(handler)
    def act(*values: Any) -> Any:
        given = dict(zip((p.name for p in parameters), values, strict=True))
        known = {control.name: control for control in controls()}
        try:
            read = {k: known[k].read(v) if k in known else v for k, v in given.items()}
            return _plain(handler(zoo, **read), made)
        except GanzooError as error:
            raise gr.Error(str(error), print_exception=False) from None

    defaults = {control.name: control.default for control in controls()}
    signature = inspect.signature(handler)
    act.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[_documented(p, defaults) for p in parameters]
    )
    act.__annotations__ = {k: v for k, v in handler.__annotations__.items() if k != "zoo"}
    return act


def _documented(parameter: inspect.Parameter, defaults: Mapping[str, object]) -> inspect.Parameter:
    """With its control's default, where it has none of its own."""
    if parameter.default is inspect.Parameter.empty and parameter.name in defaults:
        return parameter.replace(default=defaults[parameter.name])
    return parameter


def _plain(result: Any, made: set[str]) -> Any:
    """As JSON, and takes down which files it names."""
    if isinstance(result, FileData):
        made.add(result.path)
        return result.model_dump()
    if isinstance(result, Mapping):
        return {key: _plain(value, made) for key, value in result.items()}
    if isinstance(result, list | tuple):
        return [_plain(value, made) for value in result]
    return result
