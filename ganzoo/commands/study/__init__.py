"""Ask people: design, run, watch and analyse a study of real and generated pictures.

A STUDY is a folder that ``ganzoo study prepare`` wrote, its study.yaml, or a shipped study's name.
Answers are kept where GANZOO_DATABASE_URL says, else in the user's data folder.
"""

from types import FunctionType

from ganzoo.registry import Folder

ENTRY: Folder[FunctionType] = Folder(__name__, FunctionType)
