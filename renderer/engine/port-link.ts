import { RPCLink } from '@orpc/client/message-port';

/** A connection to the engine over one port. `close` ends every call that waits on it, and every stream. */
export interface PortLink {
  readonly link: RPCLink<Record<never, never>>;
  close(): void;
}

/**
 * Binds oRPC to a port. Chromium tells of the death of the other side only since version 122, so whoever learns of it says so
 * with `close`; without that a call to a dead engine would wait for ever.
 *
 * @param onClosed told once, before the calls and streams that end with it
 */
export function linkOver(port: MessagePort, onClosed: () => void): PortLink {
  const closers = new Set<() => void>();
  const told = (type: string, listener: EventListener): void => {
    if (type === 'close') closers.add(() => listener(new Event('close')));
    else port.addEventListener(type, listener);
  };
  const link = new RPCLink<Record<never, never>>({
    port: {
      postMessage: (message: unknown, transfer: Transferable[] | StructuredSerializeOptions = []) =>
        port.postMessage(message, Array.isArray(transfer) ? { transfer } : transfer),
      addEventListener: told,
    } as Pick<MessagePort, 'addEventListener' | 'postMessage'>,
  });
  let open = true;
  function close(): void {
    if (!open) return;
    open = false;
    port.close();
    onClosed();
    for (const closer of closers) closer();
  }
  port.addEventListener('close', close);
  port.start();
  return { link, close };
}
