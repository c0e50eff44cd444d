import { metersScreen } from '../features/meters/screen.tsx';
import type { Screen } from './screen.ts';

/** Every screen that exists, in the order of the navigation. */
export const screens: readonly Screen[] = [metersScreen];
