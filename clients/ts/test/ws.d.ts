// All that the live test uses of the package ws: a Socket with terminate, which ends it without a word.
declare module "ws" {
  export const WebSocket: new (url: string, protocols: string[]) => any;
}
