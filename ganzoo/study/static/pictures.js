// Pictures: fetched and decoded before they are needed, drawn without blur, and masked.
const fetched = new Map(); // address -> promise of a bitmap

export function load(url) {
  if (!fetched.has(url)) {
    if (fetched.size > 64) fetched.delete(fetched.keys().next().value);
    const loading = fetch(url).then(async (reply) => {
      if (!reply.ok) throw new Error(`a picture did not come (${reply.status})`);
      return createImageBitmap(await reply.blob());
    });
    loading.catch(() => fetched.delete(url));
    fetched.set(url, loading);
  }
  return fetched.get(url);
}

// The largest whole factor that fits; a picture too large for the page is made smaller.
export function scale(bitmap, wanted) {
  return wanted >= bitmap.width ? Math.floor(wanted / bitmap.width) : wanted / bitmap.width;
}

export function paint(bitmap, wanted, label) {
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const times = scale(bitmap, wanted);
  canvas.style.width = `${bitmap.width * times}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return canvas;
}

// The picture's own patches in another order: as bright, as contrasty, and no picture any more.
export function mask(bitmap, wanted) {
  const canvas = paint(bitmap, wanted, "");
  const context = canvas.getContext("2d");
  const side = Math.max(1, Math.round(bitmap.width / 14));
  const places = [];
  for (let y = 0; y + side <= bitmap.height; y += side)
    for (let x = 0; x + side <= bitmap.width; x += side) places.push([x, y]);
  for (const [x, y] of places) {
    const [u, v] = places[Math.floor(Math.random() * places.length)];
    context.drawImage(bitmap, u, v, side, side, x, y, side, side);
  }
  canvas.setAttribute("aria-hidden", "true");
  canvas.removeAttribute("role");
  return canvas;
}
