"""Plain colours, and pictures of them as files."""

import io

from PIL import Image as Pillow

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def encoded(content: object) -> bytes:
    """Bytes as they are, a Pillow image as PNG, a colour as a small PNG of it."""
    if isinstance(content, bytes):
        return content
    image = content if isinstance(content, Pillow.Image) else Pillow.new("RGB", (8, 8), content)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
