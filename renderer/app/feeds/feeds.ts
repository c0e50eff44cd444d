import { engine, follow } from '../../engine/client.ts';
import { connection } from '../../engine/connection.ts';
import { type Change, createFirstAnswers } from './first-answers.ts';
import { forgetConnection, jobListener, useJobs } from './jobs-store.ts';
import { useMeters } from './meters-store.ts';

/** About one frame. A timer, because frames stop while the window is hidden and the title bar must not. */
const FRAME_MS = 16;
/** Less than a person notices: how long the first of what the engine says may wait for the rest. */
const ANSWERS_MS = 100;

type Part = 'about' | 'jobs' | 'meters';

/** Keeps the stores of jobs and meters what the engine says, until the function that it answers with is called. */
export function startFeeds(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const answers = createFirstAnswers<Part>(['about', 'jobs', 'meters'], ANSWERS_MS);
  const onJob = jobListener((run) => setTimeout(run, FRAME_MS));
  if (connection.getState().connected) void askAbout(answers, signal);
  void follow(
    (s) => engine.feeds.jobs(undefined, { signal: s }),
    (event) => answers('jobs', () => onJob(event)),
    signal,
  );
  void follow(
    (s) => engine.feeds.meters(undefined, { signal: s }),
    (meters) => answers('meters', () => useMeters.setState({ meters, known: true })),
    signal,
  );
  const forget = connection.subscribe((now, before) => {
    if (now.connected && now.generation !== before.generation) void askAbout(answers, signal);
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

async function askAbout(answers: Change<Part>, signal: AbortSignal): Promise<void> {
  try {
    const { newestFirmware } = await engine.feeds.about(undefined, { signal });
    answers('about', () => useMeters.setState({ newestFirmware }));
  } catch (thrown) {
    // Without an answer the chips say "unknown", which is true.
    if (!signal.aborted && connection.getState().connected) {
      console.warn('The engine did not say which firmware is the newest.', thrown);
    }
  }
}
