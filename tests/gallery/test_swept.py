"""Files are swept away while others are made."""

import time
from threading import Event, Thread
from types import SimpleNamespace

from gradio.route_utils import delete_files_created_by_app

from ganzoo.gallery.swept import Swept


def test_a_sweep_looks_at_a_copy_and_takes_out_of_the_original():
    files = {"a", "b"}
    swept = Swept(files)
    for file in swept:
        files.add(f"{file} anew")
    swept -= {"a"}
    assert files == {"b", "a anew", "b anew"}


def test_gradios_sweep_survives_what_comes_meanwhile(tmp_path):
    files: set[str] = set()
    gallery = SimpleNamespace(blocks={}, temp_file_sets=[Swept(files)])
    for number in range(2000):
        (tmp_path / f"{number}.png").touch()
        files.add(str(tmp_path / f"{number}.png"))
    over = Event()

    def visitors() -> None:
        number = 0
        while not over.is_set():
            files.add(f"{tmp_path}/new-{(number := number + 1)}.png")
            time.sleep(0.0005)

    thread = Thread(target=visitors)
    thread.start()
    try:
        delete_files_created_by_app(gallery, None)
    finally:
        over.set()
        thread.join()
    assert not [*tmp_path.glob("*.png")]
