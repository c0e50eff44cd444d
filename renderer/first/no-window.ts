// The page as a program without a window, as far as its modules look at one when they are read. Only in the process that renders the frames.
Object.assign(globalThis, { window: { location: { hash: '' }, addEventListener: () => undefined } });
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'], userAgent: '' }, configurable: true });
