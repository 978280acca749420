#include "dsp/core/parallel.h"
#include "tests/phantom/support.h"

using namespace dsm;
using namespace dsm::phantom;
using namespace dsm::phantom::test;

TEST_CASE("The same recipe gives the same pixels for any number of threads") {
    const Recipe recipe = small_recipe();
    Rendered alone;
    {
        const ThreadLimit one(1);
        PhantomRun run = make(recipe);
        alone = render_everything(run);
    }
    const ThreadLimit many(4);
    PhantomRun run = make(recipe);
    const Rendered together = render_everything(run);
    CHECK(alone.words == together.words);
    CHECK(alone.opacity == together.opacity);
}

TEST_CASE("Frames do not depend on the order in which they are rendered") {
    const Recipe recipe = small_recipe();
    PhantomRun forwards = make(recipe);
    const Rendered all = render_everything(forwards);
    PhantomRun jumping = make(recipe);
    const Extent extent = jumping.info().extent;
    for (const int frame : {9, 2, 11, 0}) {
        std::vector<std::uint16_t> words(extent.pixels());
        std::vector<float> opacity(extent.pixels());
        jumping.render(frame, {words.data(), extent}, {opacity.data(), extent});
        CHECK(words == all.words[static_cast<std::size_t>(frame)]);
        CHECK(opacity == all.opacity[static_cast<std::size_t>(frame)]);
    }
}

TEST_CASE("Another seed gives other pixels and another UID") {
    Recipe recipe = small_recipe();
    PhantomRun first = make(recipe);
    recipe.seed += 1;
    PhantomRun second = make(recipe);
    CHECK(render_everything(first).words != render_everything(second).words);
    CHECK(first.info().sop_instance_uid != second.info().sop_instance_uid);
    CHECK(first.info().sop_instance_uid.size() <= 64);
}
