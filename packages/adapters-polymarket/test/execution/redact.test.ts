import fc from "fast-check";
import { expect, test } from "vitest";
import { Redactor } from "../../src/execution/redact.ts";

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

test("no text keeps a secret or a signature, whatever stands around it", () => {
  const orders = hex(130).map((digits) => `0x${digits}`);
  const requests = fc.stringMatching(/^[\w-]{43}$/).map((text) => `${text}=`);
  const others = fc.stringMatching(/^[a-z]{12,20}$/);
  const made = fc.oneof(orders, requests, others);
  fc.assert(
    fc.property(fc.array(made, { minLength: 1, maxLength: 5 }), fc.string(), fc.string(), (secrets, a, b) => {
      const redactor = new Redactor(["the-api-secret"]);
      for (const secret of secrets) redactor.also(secret);
      for (const secret of [...secrets, "the-api-secret"]) {
        const clean = redactor.text(`${a}${secret}${b}`);
        expect(clean).not.toContain(secret);
        expect(clean).toContain("[secret]");
      }
    }),
  );
});
