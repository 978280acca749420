#include "dsp/dicom/network/receiver.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/network/receiver_worker.h"
#include "dsp/dicom/network/secure_layer.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot_listen(const ReceiverOptions& options, int code) {
    return fail(ErrorKind::io, options.bind + ":" + std::to_string(options.port),
                "cannot be listened on: " + std::generic_category().message(code),
                "choose another --port or --bind");
}

std::string address_of(const sockaddr_in& from) {
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &from.sin_addr, text.data(), text.size());
    return text.data();
}

bool is_loopback(const sockaddr_in& from) {
    return (ntohl(from.sin_addr.s_addr) >> 24U) == 127;
}

// Whether `host`, a name or an address, is this address.
bool is_host(const std::string& host, const std::string& address) {
    if (host == address) {
        return true;
    }
    addrinfo hints{};
    hints.ai_family = AF_INET;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
        return false;
    }
    bool same = false;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        sockaddr_in entry{};
        std::memcpy(&entry, each->ai_addr, std::min<std::size_t>(each->ai_addrlen, sizeof entry));
        same = same || address_of(entry) == address;
    }
    ::freeaddrinfo(found);
    return same;
}

void write_event(int events, const char* kind, const std::string& peer, const std::string& what) {
    const std::string line = std::string(kind) + "\t" + peer + "\t\t" + what + "\n";
    (void)!::write(events, line.data(), line.size());
}

// What an earlier run that was killed left behind was never acknowledged.
void clear_parts(const fs::path& folder) {
    std::error_code ignored;
    fs::remove_all(folder / dicom::kPartsFolder, ignored);
    fs::create_directories(folder / dicom::kPartsFolder, ignored);
}

}  // namespace

Result<Receiver> Receiver::listen(ReceiverOptions options) {
    dicom::prepare_library();
    auto layer = dicom::accepting_layer(options.tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    std::error_code problem;
    fs::create_directories(options.folder, problem);
    if (problem) {
        return fail(ErrorKind::io, options.folder.string(), "cannot be made: " + problem.message(),
                    "choose another --dir");
    }
    clear_parts(options.folder);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options.port));
    if (::inet_pton(AF_INET, options.bind.c_str(), &address.sin_addr) != 1) {
        return fail(ErrorKind::invalid_input, options.bind, "is no IPv4 address",
                    "write it as 127.0.0.1");
    }
    Receiver made(std::move(options));
    made.layer_ = std::move(*layer);
    made.socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(made.socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    socklen_t size = sizeof address;
    if (::bind(made.socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(made.socket_, 64) != 0 ||
        ::getsockname(made.socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return cannot_listen(made.options_, errno);
    }
    made.options_.port = ntohs(address.sin_port);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return cannot_listen(made.options_, errno);
    }
    made.events_in_ = pipe[0];
    made.events_out_ = pipe[1];
    ::fcntl(made.events_in_, F_SETFL, O_NONBLOCK);
    ::fcntl(made.socket_, F_SETFL, O_NONBLOCK);
    return made;
}

Receiver::Receiver(Receiver&& other) noexcept
    : options_(std::move(other.options_)),
      layer_(std::move(other.layer_)),
      socket_(std::exchange(other.socket_, -1)),
      events_in_(std::exchange(other.events_in_, -1)),
      events_out_(std::exchange(other.events_out_, -1)),
      unread_(std::move(other.unread_)),
      workers_(std::exchange(other.workers_, {})) {}

Receiver::~Receiver() {
    for (const int worker : workers_) {
        ::kill(worker, SIGKILL);
    }
    reap(true);
    for (const int descriptor : {socket_, events_in_, events_out_}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

void Receiver::reap(bool all) {
    std::erase_if(workers_, [&](int worker) {
        int status = 0;
        const bool ended = ::waitpid(worker, &status, all ? 0 : WNOHANG) == worker;
        if (ended && WIFSIGNALED(status) && !all) {
            write_event(events_out_, "failed", "an association",
                        "was ended by signal " + std::to_string(WTERMSIG(status)) +
                            ": it passed a limit or sent what crashes a decoder");
        }
        if (ended) {
            std::error_code ignored;
            fs::remove_all(options_.folder / dicom::kPartsFolder / std::to_string(worker), ignored);
        }
        return ended;
    });
}

void Receiver::admit() {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const int connection =
        ::accept4(socket_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_CLOEXEC);
    if (connection < 0) {
        return;
    }
    const std::string address = address_of(from);
    const bool known = options_.peers.empty()
                           ? is_loopback(from)
                           : std::any_of(options_.peers.begin(), options_.peers.end(),
                                         [&](const Peer& p) { return is_host(p.host, address); });
    const bool full = static_cast<int>(workers_.size()) >= options_.most_associations;
    if (!known || full) {
        write_event(events_out_, "refused", address,
                    known ? "too many associations at once" : "not a host that may send");
        ::close(connection);
        return;
    }
    const pid_t worker = ::fork();
    if (worker == 0) {
        ::close(socket_);
        dicom::serve_association(connection, address, options_, layer_, events_out_);
        ::_exit(0);
    }
    ::close(connection);
    if (worker > 0) {
        workers_.push_back(worker);
    } else {
        write_event(events_out_, "refused", address, "no process could be made for it");
    }
}

void Receiver::read_events(const std::function<void(const ReceiverEvent&)>& on_event) {
    std::array<char, 4096> bytes{};
    for (ssize_t got = 0; (got = ::read(events_in_, bytes.data(), bytes.size())) > 0;) {
        unread_.append(bytes.data(), static_cast<std::size_t>(got));
    }
    for (std::size_t end = 0; (end = unread_.find('\n')) != std::string::npos;) {
        std::vector<std::string> parts(1);
        for (const char c : unread_.substr(0, end)) {
            if (c == '\t' && parts.size() < 4) {
                parts.emplace_back();
            } else {
                parts.back() += c;
            }
        }
        unread_.erase(0, end + 1);
        parts.resize(4);
        using Kind = ReceiverEvent::Kind;
        const Kind kind = parts[0] == "stored"    ? Kind::stored
                          : parts[0] == "echo"    ? Kind::echo
                          : parts[0] == "refused" ? Kind::refused
                                                  : Kind::failed;
        on_event({kind, parts[1], parts[2], parts[3]});
    }
}

void Receiver::run(const std::stop_token& stop,
                   const std::function<void(const ReceiverEvent&)>& on_event,
                   const std::function<void()>& between) {
    constexpr int kLookAround_ms = 100;
    while (!stop.stop_requested()) {
        std::array<pollfd, 2> ready{{{socket_, POLLIN, 0}, {events_in_, POLLIN, 0}}};
        ::poll(ready.data(), ready.size(), kLookAround_ms);
        if ((ready[0].revents & POLLIN) != 0) {
            admit();
        }
        reap(false);
        read_events(on_event);
        if (between) {
            between();
        }
    }
    for (const int worker : workers_) {
        ::kill(worker, SIGTERM);
    }
    reap(true);
    read_events(on_event);
}

}  // namespace dsm
