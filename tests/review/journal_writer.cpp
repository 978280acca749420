// journal_writer FILE FIRST [MAX_BYTES]: does the scripted acts from number FIRST on, without end,
// and writes a byte to stdout for each that was acknowledged. With MAX_BYTES no file can grow
// beyond that; at the first refusal it checks that nothing changed, prints the error to stderr and
// leaves with 3.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "dsp/review/journal.h"
#include "tests/review/scripted_edits.h"

int main(int argc, char** argv) {
    if (argc < 3) {
        return 2;
    }
    if (argc > 3) {
        std::signal(SIGXFSZ, SIG_IGN);
        const auto bytes = static_cast<rlim_t>(std::atoll(argv[3]));
        const rlimit limit{bytes, bytes};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    auto journal = dsm::Journal::open(argv[1], "1.2");
    if (!journal) {
        std::fprintf(stderr, "%s\n", journal.error().message().c_str());
        return 1;
    }
    for (int act = std::atoi(argv[2]);; ++act) {
        const dsm::Review before = journal->review();
        const dsm::History history = journal->history();
        const auto done = dsm::test::scripted_act(*journal, act);
        if (!done) {
            std::fprintf(stderr, "%s\n", done.error().message().c_str());
            return journal->review() == before && journal->history() == history ? 3 : 4;
        }
        const char acknowledged = '.';
        if (write(STDOUT_FILENO, &acknowledged, 1) != 1) {
            return 5;
        }
    }
}
