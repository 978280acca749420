// `dsm serve`: receives runs over the network and processes them as they arrive.
#include <spdlog/spdlog.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/dicom/network/receiver.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/interrupt.h"
#include "tools/dsm/live_process.h"
#include "tools/dsm/network_options.h"

namespace dsm::cli {
namespace {

struct Options {
    ReceiverOptions receiver;
    std::string folder;
    std::vector<std::string> peers;
    std::uint64_t largest_mb{2048}, memory_mb{2048}, free_mb{1024};
    bool process{true};
    double end_s{10.0};
};

int run_serve(Options options, const Terminal& terminal) {
    for (const std::string& text : options.peers) {
        const auto peer = parse_peer(text, false);
        if (!peer) {
            return terminal.report_usage(peer.error().message());
        }
        options.receiver.peers.push_back(*peer);
    }
    if (options.receiver.bind != "127.0.0.1" && options.receiver.peers.empty()) {
        return terminal.report_usage("--bind to a network needs at least one --peer AET@HOST");
    }
    const Interrupt interrupt;
    options.receiver.folder = options.folder;
    options.receiver.largest_object_bytes = options.largest_mb << 20U;
    options.receiver.most_memory_bytes = options.memory_mb << 20U;
    options.receiver.free_disk_bytes = options.free_mb << 20U;
    auto receiver = Receiver::listen(options.receiver);
    if (!receiver) {
        return terminal.report(receiver.error());
    }
    terminal.note(options.receiver.aet + " listens on " + options.receiver.bind + ":" +
                  std::to_string(receiver->port()));
    std::optional<LiveProcess> processing;
    if (options.process) {
        processing.emplace(options.receiver.folder, options.end_s, terminal);
    }
    const auto on_event = [&](const ReceiverEvent& event) {
        using Kind = ReceiverEvent::Kind;
        if (event.kind == Kind::stored) {
            // Data: one line for each file that was acknowledged.
            (void)terminal.print(event.file.string() + "\n");
            spdlog::info("{}: stored {} as {}", event.peer, event.what,
                         event.file.filename().string());
        } else if (event.kind == Kind::echo) {
            spdlog::info("{}: {}", event.peer, event.what);
        } else {
            terminal.report({ErrorKind::io, event.peer, event.what, ""});
        }
    };
    receiver->run(interrupt.token(), on_event, [&] {
        if (processing) {
            processing->look_after();
        }
    });
    return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "serve", "receive runs over the network (C-ECHO, C-STORE) and process them");
    ReceiverOptions& receiver = options->receiver;
    command->add_option("--dir", options->folder, "folder for what arrives")->required();
    command->add_option("--aet", receiver.aet, "our own AE title")->capture_default_str();
    command->add_option("--port", receiver.port, "port; 0: any that is free")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    command->add_option("--bind", receiver.bind, "IPv4 address to listen on")
        ->capture_default_str();
    command->add_option("--peer", options->peers,
                        "who may send, as AET@HOST; without any, this machine alone");
    command->add_option("--most-associations", receiver.most_associations, "so many at once")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--largest", options->largest_mb, "largest object, MB")
        ->capture_default_str();
    command->add_option("--memory", options->memory_mb, "most memory of one association, MB")
        ->capture_default_str();
    command->add_option("--keep-free", options->free_mb, "refuse when less disk is free, MB")
        ->capture_default_str();
    command->add_option("--idle", receiver.idle_s, "end an association silent for so many seconds")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    command->add_flag("--tls", receiver.tls.on,
                      "DICOM over TLS alone, with --cert and --key; with --ca a sender has to show "
                      "a certificate that it vouches for");
    add_tls_options(*command, receiver.tls);
    command->add_flag("!--no-process", options->process, "store alone, process nothing");
    command
        ->add_option("--end-after", options->end_s,
                     "seconds without a frame that end a run of single frames")
        ->check(CLI::Range(0.1, 86400.0))
        ->capture_default_str();
    command->footer(
        "An object is on the disk, whole and synced, before it is acknowledged; its name is a hash "
        "of its\nUID. Prints each file kept. Images are processed as they come, single frames "
        "joined by\n"
        "series (dsm live on DIR), with results in DIR/results and alarms on stdout. Ends on "
        "Ctrl-C.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return run_serve(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
