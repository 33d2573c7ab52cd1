import { expect } from "chai";
import { laws, sharedNames } from "./resolver-laws";
import type { Subject } from "./resolver-subject";
import { subjectOf, subjectResolvers } from "./resolver-subjects";
import { startWorld, type World } from "./resolver-world";

describe("the contract of resolvers", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  it("gives no two of them one name", () => {
    expect(sharedNames(subjectResolvers)).to.deep.equal([]);
  });

  for (const resolver of subjectResolvers) {
    describe(resolver.name, () => {
      let subject: Subject;
      before(async () => {
        subject = await subjectOf(resolver, world);
      });
      for (const law of laws) it(law.name, () => law.check(subject));
    });
  }
});
