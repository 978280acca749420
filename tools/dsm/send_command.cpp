// `dsm send`: files to another DICOM program.
#include <memory>
#include <string>
#include <vector>

#include "dsp/dicom/network/archive_list.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/named_files.h"
#include "tools/dsm/network_options.h"

namespace dsm::cli {
namespace {

struct Options {
    std::string to;
    std::vector<std::string> files;
    bool echo{false};
    SendOptions send;
};

std::string commitment_words(const SendSummary& summary) {
    switch (summary.commitment) {
        case Commitment::not_asked:
            return "";
        case Commitment::not_offered:
            return "; it offers no storage commitment";
        case Commitment::confirmed:
            return "; it answers for all of them";
        case Commitment::refused:
            return "; it answers for " + std::to_string(summary.committed) + " of them alone";
        case Commitment::unanswered:
            break;
    }
    return "; its answer to the commitment did not come in time";
}

int run_send(const Options& options, const Terminal& terminal) {
    const auto archive =
        archive_named(options.to, options.send.network, FetchMethod::get, archives_file());
    if (!archive) {
        return terminal.report_usage(archive.error().message());
    }
    if (options.echo) {
        const auto answered = verify(archive->address, archive->options);
        return answered ? terminal.print(name_of(archive->address) + ": answers\n")
                        : terminal.report(answered.error());
    }
    if (options.files.empty()) {
        return terminal.report_usage("name the files to send, or --echo");
    }
    const auto files = named_files(options.files);
    if (!files) {
        return terminal.report(files.error());
    }
    ProgressBar bar(terminal, "sending");
    SendOptions sending = options.send;
    sending.network = archive->options;
    sending.on_progress = [&](double fraction) { bar.show(fraction); };
    const auto sent = send_to(archive->address, *files, sending);
    bar.finish();
    if (!sent) {
        return terminal.report(sent.error());
    }
    for (const Error& failure : sent->failures) {
        terminal.report(failure);
    }
    const int printed =
        terminal.print(name_of(archive->address) + ": " + std::to_string(sent->stored) + " of " +
                       std::to_string(files->size()) + " stored" + commitment_words(*sent) + "\n");
    const bool doubtful =
        sent->commitment == Commitment::refused || sent->commitment == Commitment::unanswered;
    return sent->failures.empty() && !doubtful ? printed : 1;
}

}  // namespace

void add_send_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("send", "DICOM files to an archive (C-STORE, STOW-RS)");
    command->add_option("FILE", options->files, "DICOM files, or folders of them");
    command
        ->add_option(
            "--to", options->to,
            "where to, as AET@HOST:PORT, https://HOST/dicom-web, or by its name in archives.json")
        ->required();
    command->add_flag("--echo", options->echo, "only see whether it answers (C-ECHO)");
    command->add_flag("--commit", options->send.commit,
                      "ask it to answer for what it stored (storage commitment)");
    command
        ->add_option("--commit-port", options->send.commit_port,
                     "where that answer comes, if not on the same connection")
        ->check(CLI::Range(0, 65535));
    command->add_option("--bind", options->send.commit_bind, "address of that port")
        ->capture_default_str();
    add_network_options(*command, options->send.network);
    command->footer(
        "Files go as they are: nothing is recompressed. A connection that breaks is opened again "
        "for what\nwas not stored yet. One line on stderr for each file that was not stored, and "
        "exit code 1.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return run_send(*options, invocation.terminal); };
    });
}

}  // namespace dsm::cli
