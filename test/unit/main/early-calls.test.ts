import { expect, it, vi } from 'vitest';
import { receiveEarly } from '../../../electron/main/calls/early.ts';
import type { CallEvent } from '../../../electron/main/calls/ipc.ts';
import { SHELL_CALLS, type ShellAnswer, shellChannel } from '../../../shared/contract/shell/channels.ts';

it('lets the calls of the page wait for those who answer them', async () => {
  const listeners = new Map<string, (event: CallEvent, ...input: unknown[]) => Promise<ShellAnswer>>();
  const heard: string[] = [];
  const calls = receiveEarly<CallEvent>(
    { handle: (channel, listener) => void listeners.set(channel, listener) },
    (channel) => heard.push(channel),
  );
  expect([...listeners.keys()].sort()).toEqual(SHELL_CALLS.map(shellChannel).sort());
  const event: CallEvent = { senderFrame: null };
  const early = listeners.get('shell:setTheme')?.(event, 'dark');
  const settled = vi.fn();
  void early?.then(settled);
  await Promise.resolve();
  expect(heard).toEqual(['shell:setTheme']);
  expect(settled).not.toHaveBeenCalled();

  const answer = vi.fn(async (): Promise<ShellAnswer> => ({ answered: true, value: 7 }));
  calls.handle('shell:setTheme', answer);
  expect(await early).toEqual({ answered: true, value: 7 });
  expect(await listeners.get('shell:setTheme')?.(event, 'light')).toEqual({ answered: true, value: 7 });
  expect(answer.mock.calls).toEqual([
    [event, 'dark'],
    [event, 'light'],
  ]);
});
