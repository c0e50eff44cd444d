import { engine, follow } from '../engine/client.ts';
import { connection } from '../engine/connection.ts';
import { forgetConnection, jobListener, useJobs } from './jobs-store.ts';
import { useMeters } from './meters-store.ts';

/** About one frame. A timer, because frames stop while the window is hidden and the title bar must not. */
const FRAME_MS = 16;

/** Keeps the stores of jobs and meters what the engine says, until the function that it answers with is called. */
export function startFeeds(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  // Before the meters: their chips say how old a firmware is.
  if (connection.getState().connected) void askAbout(signal);
  void follow(
    (s) => engine.jobs.watch(undefined, { signal: s }),
    jobListener((run) => setTimeout(run, FRAME_MS)),
    signal,
  );
  void follow(
    (s) => engine.meters.watch(undefined, { signal: s }),
    (meters) => useMeters.setState({ meters, known: true }),
    signal,
  );
  const forget = connection.subscribe((now, before) => {
    if (now.connected && now.generation !== before.generation) void askAbout(signal);
    if (now.connected || !before.connected) return;
    forgetConnection();
    useMeters.setState({ known: false });
  });
  return () => {
    stop.abort();
    forget();
    useJobs.setState({ known: false });
  };
}

async function askAbout(signal: AbortSignal): Promise<void> {
  try {
    const { newestFirmware } = await engine.system.about(undefined, { signal });
    useMeters.setState({ newestFirmware });
  } catch (thrown) {
    // Without an answer the chips say "unknown", which is true.
    if (!signal.aborted && connection.getState().connected) {
      console.warn('The engine did not say which firmware is the newest.', thrown);
    }
  }
}
