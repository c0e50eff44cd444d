import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type CallEvent, handleShellCalls, isFromPage, type ShellHandlers } from '../../../electron/main/calls/ipc.ts';
import { isBundleUrl } from '../../../electron/main/guards/app-protocol.ts';
import {
  SHELL_CALLS,
  type ShellAnswer,
  type ShellCall,
  shellChannel,
} from '../../../shared/contract/shell/channels.ts';
import { shellContract } from '../../../shared/contract/shell/shell.ts';

const PAGE: CallEvent = { senderFrame: { url: 'app://bundle/index.html', parent: null } };

/** Arguments that fit each call. */
const fitting: Readonly<Record<ShellCall, readonly unknown[]>> = {
  pickFile: ['package'],
  pickFiles: ['attachment'],
  pickFolder: [],
  pickSaveFile: ['pdf', 'report.pdf'],
  copyText: ['text'],
  openFolder: ['/data'],
  openVendorPage: ['ion-setup'],
  setTheme: ['dark'],
  engineState: [],
  connectEngine: [],
  restartEngine: [],
  info: [],
};

describe('calls of the page to the shell', () => {
  const channels = new Map<string, (event: CallEvent, ...input: unknown[]) => Promise<ShellAnswer>>();
  const handler = vi.fn(async (): Promise<never> => null as never);
  const log = vi.fn();
  const call = (name: ShellCall, event: CallEvent, input: readonly unknown[]) => {
    const listener = channels.get(shellChannel(name));
    if (listener === undefined) throw new Error(`Nobody listens to ${name}.`);
    return listener(event, ...input);
  };

  beforeEach(() => {
    channels.clear();
    handler.mockReset();
    handler.mockResolvedValue(null as never);
    const handlers = Object.fromEntries(
      SHELL_CALLS.map((name) => [name, handler]),
    ) as unknown as ShellHandlers<CallEvent>;
    const receiver = { handle: (channel: string, listener: never) => void channels.set(channel, listener) };
    handleShellCalls(receiver, handlers, { isHome: isBundleUrl, log });
  });

  it('are those of the contract and no others', () => {
    expect([...SHELL_CALLS].sort()).toEqual(Object.keys(shellContract).sort());
    expect([...channels.keys()].sort()).toEqual(SHELL_CALLS.map(shellChannel).sort());
  });

  it.each(SHELL_CALLS)('%s is refused from a frame that is gone, embedded or not ours', async (name) => {
    const strangers: readonly CallEvent[] = [
      { senderFrame: null },
      { senderFrame: { url: 'app://bundle/index.html', parent: {} } },
      { senderFrame: { url: 'https://evil.example/', parent: null } },
      { senderFrame: { url: 'app://bundle.evil/', parent: null } },
      { senderFrame: { url: 'about:blank', parent: null } },
      { senderFrame: { url: '', parent: null } },
    ];
    for (const stranger of strangers) {
      expect(await call(name, stranger, fitting[name])).toMatchObject({ answered: false, refused: 'sender' });
    }
    expect(handler).not.toHaveBeenCalled();
  });

  it.each(SHELL_CALLS)('%s is refused with arguments that are not in the contract', async (name) => {
    const strange = fc
      .array(fc.anything(), { maxLength: 4 })
      .filter((input) => !shellContract[name].input.safeParse(input).success);
    await fc.assert(
      fc.asyncProperty(strange, async (input) => {
        expect(await call(name, PAGE, input)).toMatchObject({ answered: false, refused: 'input' });
      }),
      { numRuns: 30 },
    );
    expect(await call(name, PAGE, [...fitting[name], 'one too many'])).toMatchObject({ refused: 'input' });
    expect(handler).not.toHaveBeenCalled();
  });

  it.each(SHELL_CALLS)('%s reaches its handler with arguments that fit', async (name) => {
    await call(name, PAGE, fitting[name]);
    expect(handler).toHaveBeenCalledWith(PAGE, ...fitting[name]);
  });

  it.each(SHELL_CALLS)('%s answers with a value when its handler throws or answers nonsense', async (name) => {
    handler.mockRejectedValueOnce(new Error('defect') as never);
    expect(await call(name, PAGE, fitting[name])).toEqual({ answered: false, refused: 'failure', because: 'defect' });
    handler.mockResolvedValueOnce({ nonsense: true } as never);
    expect(await call(name, PAGE, fitting[name])).toMatchObject({ answered: false, refused: 'failure' });
  });

  it('take a name for a file to save, never a path', () => {
    const { input } = shellContract.pickSaveFile;
    expect(input.safeParse(['pdf', 'Report of M1 (4.6.0).pdf']).success).toBe(true);
    for (const name of ['../x.pdf', 'a/b.pdf', 'C:\\x.pdf', '..', '', 'x\0.pdf']) {
      expect(input.safeParse(['pdf', name]).success, name).toBe(false);
    }
  });

  it('come from the page itself', () => {
    expect(isFromPage(PAGE.senderFrame, isBundleUrl)).toBe(true);
    expect(isFromPage(null, () => true)).toBe(false);
  });
});
