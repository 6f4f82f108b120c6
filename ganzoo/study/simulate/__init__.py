"""Participants who are known: do the server and the analysis find again what we put in?

They come over HTTP like everybody else and know no more: a simulated participant looks a picture
up in the manifest, by the hash of the bytes it was sent, because that is the only way to the truth.
"""

from ganzoo.study.simulate.crowd import Crowd, Outcome, send
from ganzoo.study.simulate.observers import Observer
from ganzoo.study.simulate.servant import Servant

__all__ = ["Crowd", "Observer", "Outcome", "Servant", "send"]
