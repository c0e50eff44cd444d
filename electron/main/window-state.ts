import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { THEMES } from '../../shared/contract/shell.ts';
import { FIRST_SIZE } from './window-options.ts';

const side = z.number().int().min(200).max(20_000);
const corner = z.number().int().min(-20_000).max(20_000);
const stateSchema = z.object({
  bounds: z.object({ width: side, height: side, x: corner.exactOptional(), y: corner.exactOptional() }),
  maximized: z.boolean(),
  theme: z.enum(THEMES),
});

/** What the window was like when it was closed. */
export type WindowState = z.infer<typeof stateSchema>;

export const FIRST_STATE: WindowState = { bounds: FIRST_SIZE, maximized: false, theme: 'system' };

/** Reads the state; anything that does not fit counts as never written: the window then opens as on the first day. */
export function readWindowState(file: string): WindowState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // No file yet, or not one of ours: nothing in it is worth a question.
    return FIRST_STATE;
  }
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
