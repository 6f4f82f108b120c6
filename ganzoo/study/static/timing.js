// Time as the screen knows it: in frames. Nothing here asks the server.
export const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

export async function rest(ms) {
  const start = await frame();
  let now = start;
  while (now - start < ms) now = await frame();
}

// Shows something for `ms`, to the nearest whole frame, and says how long it was.
// `show` and `hide` run inside animation frames, so what they draw appears with that frame.
export async function expose(ms, hz, show, hide) {
  const half = 500 / hz;
  const start = await frame();
  show();
  let now = start;
  let frames = 0;
  while (now - start < ms - half) {
    now = await frame();
    frames += 1;
  }
  hide();
  return { start, end: now, shown_ms: Math.round((now - start) * 10) / 10, frames };
}

// Waits until the frame nearest to a moment.
export async function until(moment, hz) {
  let now = 0;
  do now = await frame();
  while (now < moment - 500 / hz);
  return now;
}

// Frames per second, from the median of 60 of them.
export async function refreshRate(count = 60) {
  const gaps = [];
  let before = await frame();
  for (let i = 0; i < count; i += 1) {
    const now = await frame();
    gaps.push(now - before);
    before = now;
  }
  gaps.sort((a, b) => a - b);
  return Math.round(10000 / gaps[count >> 1]) / 10;
}

// How often the page was left, from now until `stop`.
export function watchFocus() {
  const ended = new AbortController();
  let lost = 0;
  const away = () => (lost += 1);
  addEventListener("blur", away, { signal: ended.signal });
  document.addEventListener("visibilitychange", () => document.hidden && away(), { signal: ended.signal });
  return () => {
    ended.abort();
    return lost;
  };
}
