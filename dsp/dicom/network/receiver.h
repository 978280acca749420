// Receives images and other objects over the network: C-ECHO and C-STORE (PS3.4 A and B).
//
// Every association is served by a process of its own with limits on memory and on the size of what
// it writes, so that hostile data can end no more than its own association. An object is on the
// disk, whole, checked and synced, before it is acknowledged; nothing else is ever in the folder
// but parts of what is being received, below ".receiving", and those go with their association.
// File names are made from a hash of the SOP Instance UID: no received value becomes a path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/peer.h"

class DcmTransportLayer;

namespace dsm {

struct ReceiverOptions {
    std::string aet{"DSM"};
    std::string bind{"127.0.0.1"};  // an IPv4 address; "0.0.0.0" for all
    int port{11112};                // 0: any that is free
    // Who may send: title and address both. Empty: every title, from this machine alone.
    std::vector<Peer> peers;
    std::filesystem::path folder;
    int most_associations{16};
    std::uint64_t largest_object_bytes{std::uint64_t{2} << 30U};
    std::uint64_t most_memory_bytes{std::uint64_t{2} << 30U};  // of one association
    std::uint64_t free_disk_bytes{std::uint64_t{1} << 30U};    // kept free
    // With `tls.on` plain DICOM is not listened to; `tls.authorities` then say who may send.
    TlsOptions tls;
    int idle_s{60};  // an association that says nothing for so long is ended
};

struct ReceiverEvent {
    enum class Kind { stored, echo, refused, failed } kind{};
    std::string peer;            // "PACS@10.0.0.7"
    std::filesystem::path file;  // of `stored`
    std::string what;            // one line; no patient's name
};

// Not thread-safe. run() forks: the program should have no other threads that hold locks.
class Receiver {
 public:
    // Errors: the folder cannot be made, the address cannot be bound, a file
    // of TLS cannot be used.
    [[nodiscard]] static Result<Receiver> listen(ReceiverOptions options);
    ~Receiver();
    Receiver(Receiver&& other) noexcept;
    Receiver& operator=(Receiver&&) = delete;
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    [[nodiscard]] int port() const { return options_.port; }
    // Serves until `stop`; what is being received then is given up, unacknowledged. `between` is
    // called ten times a second or more.
    void run(const std::stop_token& stop, const std::function<void(const ReceiverEvent&)>& on_event,
             const std::function<void()>& between = {});

 private:
    explicit Receiver(ReceiverOptions options) : options_(std::move(options)) {}
    void admit();
    void reap(bool all);
    void read_events(const std::function<void(const ReceiverEvent&)>& on_event);

    ReceiverOptions options_;
    std::shared_ptr<DcmTransportLayer> layer_;  // null: plain
    int socket_{-1};
    int events_in_{-1};
    int events_out_{-1};
    std::string unread_;
    std::vector<int> workers_;
};

// "3f2a....dcm": a name for an instance that owes nothing to what was received but a hash.
[[nodiscard]] std::string file_name_of_instance(const std::string& sop_instance_uid);

}  // namespace dsm
