/**
 * FrameError is thrown by all that decodes: the bytes are not what the protocol says. What uses the decoders makes it a
 * TickwireError with the code MALFORMED.
 */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** badFrame is the error of a frame that cannot be applied. */
export function badFrame(why: string): FrameError {
  return new FrameError("bad frame: " + why);
}
