import './print.css';

/** Prints one piece of the screen under a heading: the window around it, its buttons and its colours stay off the paper. */
export function printElement(element: HTMLElement, heading: string): void {
  const paper = document.createElement('div');
  paper.className = 'mw-paper';
  const title = document.createElement('h2');
  title.textContent = heading;
  const copy = element.cloneNode(true);
  paper.append(title, copy);
  // What scrolls on the screen is whole on paper.
  for (const part of paper.querySelectorAll<HTMLElement>('[style]')) part.style.removeProperty('max-height');
  for (const button of paper.querySelectorAll('button')) button.remove();
  document.body.append(paper);
  document.body.classList.add('mw-printing');
  try {
    window.print();
  } finally {
    document.body.classList.remove('mw-printing');
    paper.remove();
  }
}
