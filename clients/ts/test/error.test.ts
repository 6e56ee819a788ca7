import { expect, test } from "vitest";
import { FrameError } from "../src/frameerror.js";
import { Code as WireCode } from "../src/gen/tickwire/v1/error_pb.js";
import { Code, codeName, TickwireError } from "../src/index.js";

test("the codes are those of the protocol, and the client's own are apart from them", () => {
  const wire = Object.fromEntries(Object.entries(WireCode).filter(([name, n]) => typeof n === "number" && name !== "UNSPECIFIED"));
  const ours = Object.fromEntries(Object.entries(Code).filter(([, n]) => n >= 4000));
  expect(ours).toEqual(wire);
  expect(Object.values(Code).every((n) => n < 10 || n >= 4000)).toBe(true);
});

test("names", () => expect([codeName(4423), codeName(1), codeName(4999)]).toEqual(["FULL", "REFUSED", "4999"]));

test("anything thrown becomes a TickwireError once", () => {
  const error = TickwireError.from(new RangeError("far"), Code.NETWORK);
  expect(error).toMatchObject({ name: "TickwireError", code: 2, codeName: "NETWORK", message: "far", cause: expect.any(RangeError) });
  expect(TickwireError.from(error)).toBe(error);
  expect(TickwireError.from(new FrameError("bits"), Code.NETWORK).code).toBe(Code.MALFORMED);
  expect(TickwireError.from("text")).toMatchObject({ code: Code.UNKNOWN, message: "text" });
  expect("refusal" in error).toBe(false);
});
