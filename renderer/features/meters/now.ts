import { createContext } from 'react';

/** The time of this PC in milliseconds, for ages in cells: only those cells are rendered again when it moves on. */
export const Now = createContext(0);
