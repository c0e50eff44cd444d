/** The part of an axis that is looked at. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Each press of a key and each notch of the wheel. */
const ZOOM = 1.5;
const STEP = 0.15;

/** A view narrowed (factor above 1) or widened about a place in it, kept inside the whole; not narrower than `least`. */
export function zoomed(view: View, factor: number, about: number, whole: View, least: number): View {
  const width = Math.min(whole.to - whole.from, Math.max(least, (view.to - view.from) / factor));
  const part = view.to > view.from ? (about - view.from) / (view.to - view.from) : 0.5;
  return inside({ from: about - part * width, to: about + (1 - part) * width }, whole);
}

/** A view moved by a part of its width, kept inside the whole. */
export function moved(view: View, part: number, whole: View): View {
  const by = part * (view.to - view.from);
  return inside({ from: view.from + by, to: view.to + by }, whole);
}

/** What a key makes of a view; `null` for the whole, undefined where the key means nothing here. */
export function viewAfterKey(key: string, view: View, whole: View, least: number): View | null | undefined {
  const middle = (view.from + view.to) / 2;
  switch (key) {
    case 'ArrowLeft':
      return moved(view, -STEP, whole);
    case 'ArrowRight':
      return moved(view, STEP, whole);
    case 'PageUp':
      return moved(view, -1, whole);
    case 'PageDown':
      return moved(view, 1, whole);
    case '+':
    case '=':
    case 'ArrowUp':
      return zoomed(view, ZOOM, middle, whole, least);
    case '-':
    case 'ArrowDown':
      return zoomed(view, 1 / ZOOM, middle, whole, least);
    case 'Home':
    case '0':
      return null;
    default:
      return undefined;
  }
}

/** What a notch of the wheel makes of a view: zoom about the pointer, or with Shift and on sideways wheels a move. */
export function viewAfterWheel(
  wheel: { readonly deltaX: number; readonly deltaY: number; readonly shiftKey: boolean },
  about: number,
  view: View,
  whole: View,
  least: number,
): View {
  const sideways = wheel.shiftKey || Math.abs(wheel.deltaX) > Math.abs(wheel.deltaY);
  const delta = sideways ? wheel.deltaX || wheel.deltaY : wheel.deltaY;
  const notches = Math.max(-3, Math.min(3, delta / 100));
  if (sideways) return moved(view, notches * STEP, whole);
  return zoomed(view, ZOOM ** -notches, about, whole, least);
}

function inside(view: View, whole: View): View {
  const width = view.to - view.from;
  if (width >= whole.to - whole.from) return { from: whole.from, to: whole.to };
  const from = Math.max(whole.from, Math.min(view.from, whole.to - width));
  return { from, to: from + width };
}
