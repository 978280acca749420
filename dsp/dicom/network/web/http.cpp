#include "dsp/dicom/network/web/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include "dsp/dicom/network/secrets.h"

namespace dsm::dicom {
namespace {

namespace fs = std::filesystem;

void prepare_curl() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::string one_line(std::string words) {
    std::replace_if(
        words.begin(), words.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return words.substr(0, 200);
}

Error of_status(const std::string& name, int status) {
    const std::string number = " (HTTP " + std::to_string(status) + ")";
    if (status == 401 || status == 403) {
        return {ErrorKind::unsupported, name, "refused us" + number,
                "give --credentials or --cert, or ask its operator"};
    }
    if (status == 404 || status == 410) {
        return {ErrorKind::not_found, name, "has nothing there" + number,
                "check the URL, and with dsm find what it holds"};
    }
    if (status >= 300 && status < 400) {
        return {ErrorKind::unsupported, name, "sends us elsewhere" + number, "name that URL"};
    }
    if (status == 413 || status == 507) {
        return {ErrorKind::io, name, "has no room for it" + number, "ask its operator"};
    }
    return {ErrorKind::io, name, "failed" + number, "ask its operator"};
}

bool may_go_better(int status) {
    return status == 408 || status == 429 || (status >= 502 && status <= 504);
}

bool may_go_better(CURLcode code) {
    constexpr std::array kPassing{CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
                                  CURLE_OPERATION_TIMEDOUT,   CURLE_SEND_ERROR,
                                  CURLE_RECV_ERROR,           CURLE_PARTIAL_FILE,
                                  CURLE_GOT_NOTHING,          CURLE_HTTP2,
                                  CURLE_HTTP2_STREAM,         CURLE_SEND_FAIL_REWIND};
    return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

Error of_transfer(const std::string& name, CURLcode code, const std::string& detail) {
    const std::string words = one_line(detail.empty() ? curl_easy_strerror(code) : detail);
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
            return {ErrorKind::unsupported, name, "its certificate is not trusted: " + words,
                    "name its authority by --ca, and the host as the certificate does"};
        case CURLE_SSL_CONNECT_ERROR:
            return {ErrorKind::unsupported, name, "TLS was not agreed on: " + words,
                    "check the port, that it speaks https, and whether it wants --cert and --key"};
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return {ErrorKind::invalid_input, name, "a certificate or key cannot be used: " + words,
                    "check --ca, --cert and --key (PEM)"};
        case CURLE_OPERATION_TIMEDOUT:
            return {ErrorKind::io, name, "did not answer in time: " + words,
                    "try again, or raise --timeout"};
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
            return {ErrorKind::not_found, name, words, "check the URL and that it is running"};
        default:
            break;
    }
    return {ErrorKind::io, name, "the connection broke: " + words, "try again"};
}

// One attempt: where libcurl's callbacks find what they need.
struct Exchange {
    CURL* curl{nullptr};
    const AnswerSink* sink{nullptr};
    const std::vector<int>* expected{nullptr};
    std::stop_token stop;
    HttpAnswer answer;
    bool begun{false};
    std::optional<Error> problem;  // of the sink or of the file
    std::string_view head, tail;
    std::ifstream file;
    const fs::path* file_path{nullptr};
    std::uint64_t file_left{0};

    [[nodiscard]] bool is_expected() const {
        return std::find(expected->begin(), expected->end(), answer.status) != expected->end();
    }
    void read_answer() {
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        answer.status = static_cast<int>(status);
        const char* type = nullptr;
        curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
        answer.content_type = type == nullptr ? "" : type;
    }
    bool keep(const Result<void>& done) {
        if (!done) {
            problem = done.error();
        }
        return done.has_value();
    }
    bool begin() {
        if (!begun) {
            begun = true;
            read_answer();
            return !is_expected() || keep(sink->begin(answer));
        }
        return true;
    }
};

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* context) {
    auto& exchange = *static_cast<Exchange*>(context);
    const std::size_t bytes = size * count;
    try {
        const bool go_on = exchange.begin() && (!exchange.is_expected() ||
                                                exchange.keep(exchange.sink->bytes({data, bytes})));
        return go_on ? bytes : 0;
    } catch (const std::exception& surprise) {
        exchange.problem = Error{ErrorKind::internal, {}, surprise.what(), {}};
        return 0;
    }
}

std::size_t give_bytes(char* to, std::size_t size, std::size_t count, void* context) {
    auto& exchange = *static_cast<Exchange*>(context);
    std::size_t room = size * count;
    std::size_t given = 0;
    const auto take = [&](std::string_view& from) {
        const std::size_t now = std::min(room, from.size());
        std::memcpy(to + given, from.data(), now);
        from.remove_prefix(now);
        given += now;
        room -= now;
    };
    take(exchange.head);
    if (room > 0 && exchange.file_left > 0) {
        const auto now =
            static_cast<std::streamsize>(std::min<std::uint64_t>(room, exchange.file_left));
        if (!exchange.file.read(to + given, now)) {
            exchange.problem = Error{ErrorKind::unreadable, exchange.file_path->string(),
                                     "cannot be read to its end", "check the file"};
            return CURL_READFUNC_ABORT;
        }
        given += static_cast<std::size_t>(now);
        room -= static_cast<std::size_t>(now);
        exchange.file_left -= static_cast<std::uint64_t>(now);
    }
    if (exchange.file_left == 0) {
        take(exchange.tail);
    }
    return given;
}

int on_progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(context)->stop.stop_requested() ? 1 : 0;
}

class HeaderList {
 public:
    HeaderList() = default;
    ~HeaderList() { curl_slist_free_all(list_); }
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    HeaderList(HeaderList&&) = delete;
    HeaderList& operator=(HeaderList&&) = delete;
    void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
    [[nodiscard]] curl_slist* get() const { return list_; }

 private:
    curl_slist* list_{nullptr};
};

}  // namespace

struct HttpClient::Handle {
    CURL* curl{curl_easy_init()};
    std::string name, url, authorization;
    int attempts{1};
    std::array<char, CURL_ERROR_SIZE> detail{};

    struct Attempt {
        std::optional<Error> error;
        bool again{false};
        HttpAnswer answer;
    };

    ~Handle() { curl_easy_cleanup(curl); }
    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Handle(Handle&&) = delete;
    Handle& operator=(Handle&&) = delete;

    [[nodiscard]] std::optional<Error> put_request(const HttpRequest& request, Exchange& exchange,
                                                   HeaderList& headers) const {
        curl_easy_setopt(curl, CURLOPT_URL, (url + request.path).c_str());
        headers.add("Accept: " + request.accept);
        if (!authorization.empty()) {
            headers.add("Authorization: " + authorization);
        }
        if (request.content_type.empty()) {
            curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        } else {
            headers.add("Content-Type: " + request.content_type);
            headers.add("Expect:");
            exchange.head = request.head;
            exchange.tail = request.tail;
            if (!request.file.empty()) {
                std::error_code problem;
                exchange.file_left = fs::file_size(request.file, problem);
                exchange.file.open(request.file, std::ios::binary);
                exchange.file_path = &request.file;
                if (problem || !exchange.file) {
                    return Error{ErrorKind::unreadable, request.file.string(), "cannot be opened",
                                 "check the file"};
                }
            }
            const auto size = exchange.head.size() + exchange.file_left + exchange.tail.size();
            curl_easy_setopt(curl, CURLOPT_POST, 1L);
            curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
            curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
            curl_easy_setopt(curl, CURLOPT_READDATA, &exchange);
        }
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        return std::nullopt;
    }

    // What came of it, once libcurl has ended.
    Attempt judge(CURLcode code, Exchange& exchange) const {
        if (exchange.stop.stop_requested()) {
            return {Error{ErrorKind::cancelled, name, "cancelled", ""}, false, {}};
        }
        if (exchange.problem) {
            Error problem = *exchange.problem;
            problem.subject = problem.subject.empty() ? name : problem.subject;
            return {problem, false, {}};
        }
        if (code != CURLE_OK) {
            return {of_transfer(name, code, detail.data()), may_go_better(code), {}};
        }
        exchange.begin();
        if (exchange.is_expected() && !exchange.problem) {
            exchange.keep(exchange.sink->end());
        }
        if (exchange.problem) {
            Error problem = *exchange.problem;
            problem.subject = problem.subject.empty() ? name : problem.subject;
            return {problem, false, {}};
        }
        if (!exchange.is_expected()) {
            return {of_status(name, exchange.answer.status), may_go_better(exchange.answer.status),
                    exchange.answer};
        }
        return {std::nullopt, false, exchange.answer};
    }

    Attempt try_once(const HttpRequest& request, const AnswerSink& sink,
                     const std::vector<int>& expected, const std::stop_token& stop) {
        Exchange exchange;
        exchange.curl = curl;
        exchange.sink = &sink;
        exchange.expected = &expected;
        exchange.stop = stop;
        HeaderList headers;
        if (auto wrong = put_request(request, exchange, headers)) {
            return {wrong, false, {}};
        }
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
        detail[0] = '\0';
        const CURLcode code = curl_easy_perform(curl);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, nullptr);
        return judge(code, exchange);
    }
};

HttpClient::HttpClient() : handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;

Result<void> HttpClient::configure(const WebArchive& archive, const NetworkOptions& options) {
    Handle& handle = *handle_;
    CURL* curl = handle.curl;
    handle.name = archive.url;
    handle.url = archive.url;
    handle.attempts = options.attempts;
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, handle.detail.data());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, long{options.connect_s});
    // A transfer may take as long as it moves; nothing for so long is a peer that is silent.
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, long{options.reply_s});
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    if (is_loopback_url(archive.url)) {
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    }
    const TlsOptions& tls = options.tls;
    if (auto usable = check_tls_files(tls); !usable) {
        return usable;
    }
    if (!tls.authorities.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, tls.authorities.c_str());
        curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
    if (!tls.certificate.empty()) {
        auto password = read_secret(tls.key_password_file);
        if (!password) {
            return tl::unexpected(password.error());
        }
        curl_easy_setopt(curl, CURLOPT_SSLCERT, tls.certificate.c_str());
        curl_easy_setopt(curl, CURLOPT_SSLKEY, tls.key.c_str());
        curl_easy_setopt(curl, CURLOPT_KEYPASSWD, password->c_str());
    }
    if (!options.credentials_file.empty()) {
        if (!archive.url.starts_with("https://") && !is_loopback_url(archive.url)) {
            return fail(ErrorKind::invalid_input, archive.url,
                        "credentials are not sent without TLS", "use an https URL");
        }
        auto value = authorization_header(options.credentials_file);
        if (!value) {
            return tl::unexpected(value.error());
        }
        handle.authorization = *value;
    }
    return {};
}

Result<std::unique_ptr<HttpClient>> HttpClient::open(const WebArchive& archive,
                                                     const NetworkOptions& options) {
    prepare_curl();
    std::unique_ptr<HttpClient> client(new HttpClient);
    if (client->handle_->curl == nullptr) {
        return fail(ErrorKind::internal, archive.url, "no connection could be prepared",
                    "try again");
    }
    if (auto ready = client->configure(archive, options); !ready) {
        return tl::unexpected(ready.error());
    }
    return client;
}

Result<HttpAnswer> HttpClient::send(const HttpRequest& request, const AnswerSink& sink,
                                    const std::vector<int>& expected, const std::stop_token& stop) {
    for (int attempt = 1;; ++attempt) {
        auto tried = handle_->try_once(request, sink, expected, stop);
        if (!tried.error) {
            return tried.answer;
        }
        if (!tried.again || attempt >= handle_->attempts) {
            return tl::unexpected(*tried.error);
        }
        constexpr auto kLook = std::chrono::milliseconds(100);
        for (auto left = std::chrono::milliseconds(1000 * attempt);
             left.count() > 0 && !stop.stop_requested(); left -= kLook) {
            std::this_thread::sleep_for(kLook);
        }
    }
}

AnswerSink into_text(std::string& text, std::size_t most_bytes) {
    return {[&text](const HttpAnswer&) -> Result<void> {
                text.clear();
                return {};
            },
            [&text, most_bytes](std::string_view bytes) -> Result<void> {
                if (text.size() + bytes.size() > most_bytes) {
                    return fail(
                        ErrorKind::unreadable, {},
                        "its answer is longer than " + std::to_string(most_bytes >> 20U) + " MB",
                        "restrict the question");
                }
                text.append(bytes);
                return {};
            },
            []() -> Result<void> { return {}; }};
}

std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                           (c >= 'a' && c <= 'z') || std::strchr("-._~*", c) != nullptr;
        if (plain && c != '\0') {
            encoded += c;
        } else {
            std::array<char, 4> hex{};
            std::snprintf(hex.data(), hex.size(), "%%%02X",
                          unsigned{static_cast<unsigned char>(c)});
            encoded += hex.data();
        }
    }
    return encoded;
}

}  // namespace dsm::dicom
