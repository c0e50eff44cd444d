import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFirstPicture } from '../../../renderer/app/first-picture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the first picture', () => {
  const made: string[] = [];
  const change = (name: string) => () => void made.push(name);
  beforeEach(() => void made.splice(0));

  it('is shown when something of each part has come, in the order in which it came', () => {
    const picture = createFirstPicture(['jobs', 'meters'], 100);
    picture('meters', change('meters'));
    picture('meters', change('more meters'));
    expect(made).toEqual([]);
    picture('jobs', change('jobs'));
    expect(made).toEqual(['meters', 'more meters', 'jobs']);
  });

  it('waits for no part longer than the cap', () => {
    const picture = createFirstPicture(['jobs', 'meters'], 100);
    picture('meters', change('meters'));
    vi.advanceTimersByTime(99);
    expect(made).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(made).toEqual(['meters']);
    picture('meters', change('later'));
    expect(made).toEqual(['meters', 'later']);
  });

  it('holds nothing back once it was shown, and makes no change twice', () => {
    const picture = createFirstPicture(['jobs'], 100);
    picture('jobs', change('jobs'));
    picture('jobs', change('later'));
    vi.advanceTimersByTime(1_000);
    expect(made).toEqual(['jobs', 'later']);
  });
});
