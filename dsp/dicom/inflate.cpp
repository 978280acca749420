#include "dsp/dicom/inflate.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <vector>

#include "dsp/dicom/meta_header.h"

namespace dsm::dicom {

namespace {

// X-ray frames deflate to a third or so; a hundredth leaves room for empty pictures and stops
// files made to fill the disk. The rest is the size of an element at most, PS3.5 7.1.
constexpr std::uint64_t kLargestRatio = 100;
constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{64} << 20;
constexpr std::uint64_t kLargest = std::uint64_t{9} << 29;

// Preamble and the two meta elements that DCMTK needs to read the rest as explicit little endian.
std::string plain_head() {
    std::string uid = kExplicitLittleEndian;
    if (uid.size() % 2 != 0) {
        uid += '\0';
    }
    std::string syntax("\x02\x00\x10\x00UI", 6);
    syntax += static_cast<char>(uid.size());
    syntax += '\0';
    syntax += uid;
    std::string head(128, '\0');
    head += "DICM";
    head += std::string("\x02\x00\x00\x00UL\x04\x00", 8);
    head += static_cast<char>(syntax.size());
    head += std::string(3, '\0');
    return head + syntax;
}

class Inflater {
 public:
    Inflater() : ready_(inflateInit2(&stream_, -MAX_WBITS) == Z_OK) {}
    ~Inflater() {
        if (ready_) {
            inflateEnd(&stream_);
        }
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    Inflater(Inflater&&) = delete;
    Inflater& operator=(Inflater&&) = delete;

    // Everything in `in`, written to `out`. A stream cut short counts as far as it goes: the
    // parser will say what is missing.
    [[nodiscard]] Result<void> run(std::istream& in, std::ostream& out, std::uint64_t most) {
        std::uint64_t written = 0;
        int status = ready_ ? Z_OK : Z_MEM_ERROR;
        while (status == Z_OK && in) {
            in.read(input_.data(), static_cast<std::streamsize>(input_.size()));
            stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
            stream_.avail_in = static_cast<uInt>(in.gcount());
            do {
                stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
                stream_.avail_out = static_cast<uInt>(output_.size());
                status = ::inflate(&stream_, Z_NO_FLUSH);
                const std::size_t produced = output_.size() - stream_.avail_out;
                written += produced;
                if (written > most) {
                    return fail(ErrorKind::unreadable, {},
                                "deflated data grow beyond what a run can hold",
                                "export it again without deflate");
                }
                out.write(output_.data(), static_cast<std::streamsize>(produced));
            } while (status == Z_OK && stream_.avail_out == 0);
            status = status == Z_BUF_ERROR ? Z_OK : status;  // wants more input
        }
        if (status != Z_OK && status != Z_STREAM_END) {
            return fail(ErrorKind::unreadable, {}, "damaged deflated data",
                        "export it again from its source");
        }
        if (!out.flush()) {
            return fail(ErrorKind::io, {}, "cannot be inflated: temporary folder full",
                        "free some space");
        }
        return {};
    }

 private:
    z_stream stream_{};
    bool ready_;
    std::vector<char> input_ = std::vector<char>(std::size_t{1} << 16);
    std::vector<char> output_ = std::vector<char>(std::size_t{1} << 18);
};

}  // namespace

Result<std::filesystem::path> inflate_to_temporary(const std::filesystem::path& deflated,
                                                   std::uint64_t data_begin) {
    std::error_code problem;
    std::string name =
        (std::filesystem::temp_directory_path(problem) / "dsm-inflated-XXXXXX").string();
    const int handle = ::mkstemp(name.data());
    if (handle < 0) {
        return fail(ErrorKind::io, {}, "cannot be inflated: no temporary file",
                    "check the folder for temporary files");
    }
    ::close(handle);
    std::ifstream in(deflated, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(data_begin));
    std::ofstream out(name, std::ios::binary | std::ios::trunc);
    out << plain_head();
    const std::uint64_t size = std::filesystem::file_size(deflated, problem);
    const std::uint64_t most = std::min(std::max(kLargestRatio * size, kAlwaysAllowed), kLargest);
    if (auto done = Inflater().run(in, out, most); !done) {
        std::filesystem::remove(name, problem);
        return tl::unexpected(done.error());
    }
    return std::filesystem::path(name);
}

}  // namespace dsm::dicom
