import 'pdfmake';

/** What the library has and its published types leave out: files that it finds without looking on the disk. */
declare module 'pdfmake' {
  export const virtualfs: { writeFileSync(name: string, content: Uint8Array): void };
}
