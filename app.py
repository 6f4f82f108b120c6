"""Opens the gallery over the bundles in ``checkpoints/``; ``python app.py --help`` says more."""

from ganzoo.cli import build

if __name__ == "__main__":
    build("gallery")(prog_name="python app.py")
