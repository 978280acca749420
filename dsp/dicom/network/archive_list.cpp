#include "dsp/dicom/network/archive_list.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace dsm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Reads the keys of one archive; the first problem is kept.
class Entry {
 public:
    Entry(const json& item, fs::path folder) : item_(item), folder_(std::move(folder)) {}

    std::string text(const char* key) {
        const auto found = item_.find(key);
        if (found == item_.end()) {
            return "";
        }
        if (!found->is_string() || found->get<std::string>().empty()) {
            note(key, "is no text");
            return "";
        }
        return found->get<std::string>();
    }
    fs::path file(const char* key) {
        const fs::path named = text(key);
        return named.empty() || named.is_absolute() ? named : folder_ / named;
    }
    bool flag(const char* key) {
        const auto found = item_.find(key);
        if (found != item_.end() && !found->is_boolean()) {
            note(key, "is neither true nor false");
        }
        return found != item_.end() && found->is_boolean() && found->get<bool>();
    }
    int seconds(const char* key, int usual) {
        const auto found = item_.find(key);
        if (found == item_.end()) {
            return usual;
        }
        constexpr int kLongest_s = 3600;
        if (!found->is_number_integer() || found->get<std::int64_t>() < 1 ||
            found->get<std::int64_t>() > kLongest_s) {
            note(key, "is no number from 1 to 3600");
            return usual;
        }
        return found->get<int>();
    }
    void note(const std::string& key, const std::string& what) {
        problem_ = problem_.empty() ? "\"" + key + "\" " + what : problem_;
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
    const json& item_;
    fs::path folder_;
    std::string problem_;
};

Result<KnownArchive> read_entry(const json& item, const fs::path& file, std::size_t number) {
    Entry entry(item, file.parent_path());
    KnownArchive known;
    known.name = entry.text("name");
    const std::string address = entry.text("address");
    if (known.name.empty() || known.name.find_first_of("@/") != std::string::npos) {
        entry.note("name", "is missing or holds @ or /");
    }
    auto parsed = parse_archive(address);
    if (parsed) {
        known.address = std::move(*parsed);
    } else {
        entry.note("address", parsed.error().what);
    }
    if (const std::string aet = entry.text("aet"); !aet.empty()) {
        known.options.aet = aet;
        if (!is_ae_title(aet)) {
            entry.note("aet", "is not 1 to 16 printable characters");
        }
    }
    const std::string method = entry.text("method");
    known.method = method == "move" ? FetchMethod::move : FetchMethod::get;
    if (!method.empty() && method != "move" && method != "get") {
        entry.note("method", "is neither get nor move");
    }
    TlsOptions& tls = known.options.tls;
    tls.on = entry.flag("tls");
    tls.authorities = entry.file("ca");
    tls.certificate = entry.file("cert");
    tls.key = entry.file("key");
    tls.key_password_file = entry.file("key_password_file");
    known.options.credentials_file = entry.file("credentials");
    known.options.reply_s = entry.seconds("timeout_s", known.options.reply_s);
    if (!entry.problem().empty()) {
        return fail(ErrorKind::invalid_input, file.string(),
                    "archive " + std::to_string(number) + ": " + entry.problem(), "correct it");
    }
    return known;
}

}  // namespace

fs::path archives_file() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    if (config != nullptr && *config != '\0') {
        return fs::path(config) / "dsm" / "archives.json";
    }
    const char* home = std::getenv("HOME");
    return home != nullptr && *home != '\0' ? fs::path(home) / ".config" / "dsm" / "archives.json"
                                            : fs::path();
}

Result<std::vector<KnownArchive>> read_archives(const fs::path& file) {
    std::vector<KnownArchive> all;
    std::error_code unknown;
    if (file.empty() || !fs::exists(file, unknown)) {
        return all;
    }
    std::ifstream in(file);
    const json read = json::parse(in, nullptr, false);
    const auto list = read.is_object() ? read.find("archives") : read.end();
    if (!read.is_object() || list == read.end() || !list->is_array()) {
        return fail(ErrorKind::invalid_input, file.string(), "holds no list of archives",
                    "write it as {\"archives\": [{\"name\": \"...\", \"address\": \"...\"}]}");
    }
    for (const json& item : *list) {
        if (!item.is_object()) {
            return fail(ErrorKind::invalid_input, file.string(),
                        "archive " + std::to_string(all.size() + 1) + " is no object",
                        "correct it");
        }
        auto known = read_entry(item, file, all.size() + 1);
        if (!known) {
            return tl::unexpected(known.error());
        }
        all.push_back(std::move(*known));
    }
    return all;
}

Result<KnownArchive> archive_named(const std::string& text, const NetworkOptions& options,
                                   FetchMethod method, const fs::path& file) {
    if (text.find_first_of("@/") != std::string::npos) {
        auto address = parse_archive(text);
        return address ? Result<KnownArchive>(KnownArchive{text, *address, options, method})
                       : tl::unexpected(address.error());
    }
    const auto all = read_archives(file);
    if (!all) {
        return tl::unexpected(all.error());
    }
    const auto found = std::find_if(all->begin(), all->end(),
                                    [&](const KnownArchive& each) { return each.name == text; });
    if (found == all->end()) {
        return fail(ErrorKind::invalid_input, text,
                    "is neither an address nor the name of an archive in " + file.string(),
                    "write it as AET@HOST:PORT or https://HOST/dicom-web");
    }
    KnownArchive known = *found;
    const NetworkOptions usual;
    known.options.connect_s = options.connect_s;
    known.options.attempts = options.attempts;
    known.options.aet = options.aet != usual.aet ? options.aet : known.options.aet;
    known.options.reply_s =
        options.reply_s != usual.reply_s ? options.reply_s : known.options.reply_s;
    known.options.tls = options.tls != usual.tls ? options.tls : known.options.tls;
    if (!options.credentials_file.empty()) {
        known.options.credentials_file = options.credentials_file;
    }
    return known;
}

}  // namespace dsm
