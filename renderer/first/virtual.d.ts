declare module 'virtual:frames/*' {
  export const plain: string;
  export const narrow: string;
  export const tree: string;
  export const folded: string;
}

declare module 'virtual:theme.css';
