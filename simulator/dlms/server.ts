import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { createHdlcLink, HDLC_FLAG } from './hdlc-link.ts';
import type { Link } from './link.ts';
import type { CosemObject } from './object.ts';
import { createPace } from './pace.ts';
import { createSession, type Session } from './session.ts';
import { createWrapperLink } from './wrapper.ts';

/** Source: technical note 7EN22-0123 "DLMS/COSEM and ION technology". */
const INACTIVITY_MS = 120_000;

export interface DlmsServerOptions {
  find(name: Buffer): CosemObject | undefined;
  /** Checks the secret of the management client. */
  login(secret: string): Promise<'accepted' | 'refused' | 'locked'>;
  /** How late a block of a log is. */
  blockLatencyMs(): number;
  failed(thrown: unknown): void;
}

/** DLMS/COSEM over TCP, one connection at a time. */
export interface DlmsServer {
  /** Serves a connection; false when `place` gives none or another connection is there. */
  accept(stream: Duplex, place: () => boolean): boolean;
  readonly connected: boolean;
}

export function createDlmsServer(options: DlmsServerOptions): DlmsServer {
  let connected = false;
  return {
    accept(stream, place) {
      if (connected || !place()) return false;
      connected = true;
      stream.once('close', () => {
        connected = false;
      });
      serve(stream, options).catch((thrown: unknown) => {
        if (!stream.destroyed) options.failed(thrown);
        stream.destroy();
      });
      return true;
    },
    get connected() {
      return connected;
    },
  };
}

async function serve(stream: Duplex, options: DlmsServerOptions): Promise<void> {
  const pace = createPace();
  const idle = setTimeout(() => stream.destroy(), INACTIVITY_MS);
  stream.once('close', () => clearTimeout(idle));

  async function send(frame: Buffer, since?: number): Promise<void> {
    if (since !== undefined) await pace.wait(since, options.blockLatencyMs());
    if (stream.destroyed || stream.write(frame)) return;
    await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
  }

  /** The first byte says which framing the client speaks. */
  function open(first: number | undefined): Link {
    const openSession = (maxPdu: () => number): Session => createSession({ ...options, maxPdu });
    return first === HDLC_FLAG ? createHdlcLink({ openSession, send }) : createWrapperLink({ openSession, send });
  }

  let link: Link | undefined;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    idle.refresh();
    link ??= open(chunk[0]);
    if (!(await link.take(chunk))) break;
  }
}
