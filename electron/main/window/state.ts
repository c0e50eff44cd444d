import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { THEMES, type Theme } from '../../../shared/contract/shell/channels.ts';
import { FIRST_SIZE } from './options.ts';

/** Sides and corners outside of these are of no screen. */
const MIN_PX = 200;
const MAX_PX = 20_000;

/** What the window was like when it was closed. */
export interface WindowState {
  /** In pixels; without a corner it stands in the middle. */
  readonly bounds: {
    readonly width: number;
    readonly height: number;
    readonly x?: number;
    readonly y?: number;
  };
  readonly maximized: boolean;
  readonly theme: Theme;
}

export const FIRST_STATE: WindowState = { bounds: FIRST_SIZE, maximized: false, theme: 'system' };

/** Reads the state; anything that does not fit counts as never written: the window then opens as on the first day. */
export function readWindowState(file: string): WindowState {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isState(found) ? found : FIRST_STATE;
  } catch {
    // No file yet, or not one of ours: nothing in it is worth a question.
    return FIRST_STATE;
  }
}

/** By hand: a window that waited for the program of a schema would come later by a tenth of a second. */
function isState(found: unknown): found is WindowState {
  const { bounds, maximized, theme } = partsOf(found);
  const { width, height, x, y } = partsOf(bounds);
  const noCorner = x === undefined && y === undefined;
  return (
    isWhole(width, MIN_PX, MAX_PX) &&
    isWhole(height, MIN_PX, MAX_PX) &&
    (noCorner || (isWhole(x, -MAX_PX, MAX_PX) && isWhole(y, -MAX_PX, MAX_PX))) &&
    typeof maximized === 'boolean' &&
    THEMES.some((known) => known === theme)
  );
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function partsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** What the window is like, kept for the next start. */
export interface WindowMemory {
  readonly state: WindowState;
  keep(change: Partial<WindowState>): void;
}

/** The state in a file, and what becomes of it; what the disk refuses is logged. */
export function rememberWindow(file: string, log: (line: string) => void): WindowMemory {
  let state = readWindowState(file);
  return {
    get state() {
      return state;
    },
    keep(change) {
      state = { ...state, ...change };
      try {
        writeWindowState(file, state);
      } catch (thrown) {
        log(`The place of the window was not kept: ${String(thrown)}`);
      }
    },
  };
}

/** Keeps the state. A disk that refuses costs the place of the window and nothing else, so the caller only logs it. */
export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(state)}\n`);
}

/** The place of the window if any screen still shows it, else only its size: screens are unplugged. */
export function visibleBounds(
  bounds: WindowState['bounds'],
  screens: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[],
): WindowState['bounds'] {
  const { width, height, x, y } = bounds;
  if (x === undefined || y === undefined) return { width, height };
  const grip = 100;
  const visible = screens.some(
    (screen) =>
      x + width > screen.x + grip &&
      x < screen.x + screen.width - grip &&
      y >= screen.y &&
      y < screen.y + screen.height - grip,
  );
  return visible ? bounds : { width, height };
}
