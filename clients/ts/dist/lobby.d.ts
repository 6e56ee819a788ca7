import { type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
/** Call calls a method of the lobby service. */
export type Call = <I extends DescMessage, O extends DescMessage>(method: string, input: I, request: MessageInitShape<I>, output: O, signal: AbortSignal | undefined) => Promise<MessageShape<O>>;
/** makeCall makes calls to the lobby of a server, over the Connect protocol with protobuf. */
export declare function makeCall(base: string, fetch: typeof globalThis.fetch, token: string | undefined): Call;
