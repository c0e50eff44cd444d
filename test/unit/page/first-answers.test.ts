import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFirstAnswers } from '../../../renderer/app/feeds/first-answers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the first answers', () => {
  const made: string[] = [];
  const change = (name: string) => () => void made.push(name);
  beforeEach(() => void made.splice(0));

  it('is shown when something of each part has come, in the order in which it came', () => {
    const answers = createFirstAnswers(['jobs', 'meters'], 100);
    answers('meters', change('meters'));
    answers('meters', change('more meters'));
    expect(made).toEqual([]);
    answers('jobs', change('jobs'));
    expect(made).toEqual(['meters', 'more meters', 'jobs']);
  });

  it('waits for no part longer than the cap', () => {
    const answers = createFirstAnswers(['jobs', 'meters'], 100);
    answers('meters', change('meters'));
    vi.advanceTimersByTime(99);
    expect(made).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(made).toEqual(['meters']);
    answers('meters', change('later'));
    expect(made).toEqual(['meters', 'later']);
  });

  it('holds nothing back once it was shown, and makes no change twice', () => {
    const answers = createFirstAnswers(['jobs'], 100);
    answers('jobs', change('jobs'));
    answers('jobs', change('later'));
    vi.advanceTimersByTime(1_000);
    expect(made).toEqual(['jobs', 'later']);
  });
});
