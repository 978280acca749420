// `dsm serve`: receives runs over the network and processes them as they arrive.
#include <signal.h>  // NOLINT(modernize-deprecated-headers): signal masks are POSIX
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dsp/dicom/network/receiver.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/interrupt.h"
#include "tools/dsm/network_options.h"

namespace dsm::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    ReceiverOptions receiver;
    std::string folder;
    std::vector<std::string> peers;
    std::uint64_t largest_mb{2048}, memory_mb{2048}, free_mb{1024};
    bool process{true};
};

// Runs `dsm process` on what arrived, one at a time, each in a process of its own: a run that
// crashes the engine does not end the receiver.
class Processing {
 public:
    explicit Processing(fs::path results) : results_(std::move(results)) {}
    ~Processing() {
        if (worker_ > 0) {
            ::waitpid(worker_, nullptr, 0);
        }
    }
    Processing(const Processing&) = delete;
    Processing& operator=(const Processing&) = delete;
    Processing(Processing&&) = delete;
    Processing& operator=(Processing&&) = delete;

    void add(const fs::path& file) {
        waiting_.push_back(file);
        go_on();
    }
    void go_on() {
        if (worker_ > 0 && ::waitpid(worker_, nullptr, WNOHANG) == 0) {
            return;
        }
        worker_ = -1;
        if (waiting_.empty()) {
            return;
        }
        const std::string run = waiting_.front().string();
        const std::string out = (results_ / waiting_.front().stem()).string();
        waiting_.pop_front();
        worker_ = ::fork();
        if (worker_ == 0) {
            sigset_t none;
            sigemptyset(&none);
            ::sigprocmask(SIG_SETMASK, &none, nullptr);  // Interrupt blocks signals here
            ::execl("/proc/self/exe", "dsm", "process", run.c_str(), "--out", out.c_str(), "--mode",
                    "live", nullptr);
            ::_exit(127);
        }
    }

 private:
    fs::path results_;
    std::deque<fs::path> waiting_;
    pid_t worker_{-1};
};

bool is_image(const std::string& what) {
    return what.find("Image") != std::string::npos;
}

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
    Processing processing(options.receiver.folder / "results");
    const auto on_event = [&](const ReceiverEvent& event) {
        using Kind = ReceiverEvent::Kind;
        if (event.kind == Kind::stored) {
            // Data: one line for each file that was acknowledged.
            (void)terminal.print(event.file.string() + "\n");
            spdlog::info("{}: stored {} as {}", event.peer, event.what,
                         event.file.filename().string());
            if (options.process && is_image(event.what)) {
                processing.add(event.file);
            }
        } else if (event.kind == Kind::echo) {
            spdlog::info("{}: {}", event.peer, event.what);
        } else {
            terminal.report({ErrorKind::io, event.peer, event.what, ""});
        }
    };
    receiver->run(interrupt.token(), on_event, [&] { processing.go_on(); });
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
    command->add_flag("!--no-process", options->process, "store alone, process nothing");
    command->footer(
        "An object is on the disk, whole and synced, before it is acknowledged; its name is a hash "
        "of its\nUID. Prints each file kept. Results of images go to DIR/results. Ends on Ctrl-C.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return run_serve(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
