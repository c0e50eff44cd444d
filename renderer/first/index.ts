import '../app/look/styles.ts';
import 'virtual:theme.css';
import { usePreferences } from '../app/preferences.ts';
import { sayFrom } from '../i18n/say.ts';
import { frames } from './frames.ts';
import { takeGivenMeters } from './given.ts';
import { paintMeters } from './paint.ts';
import { words } from './words.ts';

/** A window that is not seen paints nothing, and its page is not held up for longer than this. */
const PAINT_MS = 500;

/**
 * The page begins: what came with the document is painted before the program of the page is read, which takes longer than all else. Where nothing
 * came, or another screen was asked for, the program is read at once.
 */
async function begin(): Promise<void> {
  const given = takeGivenMeters();
  if (given && window.location.hash === '') await paint();
  const { openPage } = await import('../main.tsx');
  await openPage();
}

async function paint(): Promise<void> {
  const place = document.getElementById('root');
  const { language } = usePreferences.getState();
  try {
    const [frame, said] = await Promise.all([frames[language](), words[language]()]);
    const paintNow = (): void => {
      if (place !== null) paintMeters(place, frame, sayFrom(said), language);
    };
    paintNow();
    // A window gets its size while the page begins: on a busy computer after its script.
    window.addEventListener('resize', paintNow);
    await painted();
    window.removeEventListener('resize', paintNow);
  } catch (thrown) {
    // The page itself shows the same a moment later.
    place?.replaceChildren();
    console.error('The first picture was not painted.', thrown);
  }
}

/** What is in the document now is on the screen before the second frame from here. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAINT_MS);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

void begin();
