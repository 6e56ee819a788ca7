// All that the live test uses of the package ws.
declare module "ws" {
  export const WebSocket: import("../src/index.js").SocketClass;
}
