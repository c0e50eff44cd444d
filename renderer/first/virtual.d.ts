declare module 'virtual:frames/*' {
  export const plain: string;
  export const withSites: string;
}

declare module 'virtual:theme.css';
