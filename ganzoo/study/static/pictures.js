// Pictures: fetched and decoded before they are needed, drawn without blur, and masked.
const PATCHES = 14; // of a mask, along each side
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
  const along = Math.min(PATCHES, bitmap.width), down = Math.min(PATCHES, bitmap.height);
  const places = [];
  for (let row = 0; row < down; row++)
    for (let column = 0; column < along; column++) places.push([column, row]);
  const order = [...places];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  const edge = (size, count, at) => Math.round((size * at) / count); // they meet, and reach the end
  const box = ([column, row]) => {
    const x = edge(bitmap.width, along, column), y = edge(bitmap.height, down, row);
    const right = edge(bitmap.width, along, column + 1);
    return [x, y, right - x, edge(bitmap.height, down, row + 1) - y];
  };
  places.forEach((place, at) => context.drawImage(bitmap, ...box(order[at]), ...box(place)));
  canvas.setAttribute("aria-hidden", "true");
  canvas.removeAttribute("role");
  return canvas;
}
