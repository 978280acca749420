#include "dsp/dicom/pixel_digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>

namespace dsm {

namespace {

using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

class Statistics {
 public:
    Statistics(int bits_allocated, bool is_signed)
        : wide_(bits_allocated == 16), is_signed_(is_signed) {}

    void add(std::span<const std::uint8_t> bytes) {
        const std::size_t step = wide_ ? 2 : 1;
        for (std::size_t i = 0; i + step <= bytes.size(); i += step) {
            const int value = value_of(wide_ ? bytes[i] | bytes[i + 1] << 8 : bytes[i]);
            minimum_ = std::min(minimum_, value);
            maximum_ = std::max(maximum_, value);
            sum_ += value;
            ++count_;
        }
    }
    void write_to(PixelDigest& digest) const {
        digest.minimum = minimum_;
        digest.maximum = maximum_;
        digest.mean = count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
    }

 private:
    [[nodiscard]] int value_of(int word) const {
        if (!is_signed_) {
            return word;
        }
        return wide_ ? static_cast<std::int16_t>(word) : static_cast<std::int8_t>(word);
    }

    bool wide_;
    bool is_signed_;
    int minimum_{std::numeric_limits<int>::max()};
    int maximum_{std::numeric_limits<int>::min()};
    std::int64_t sum_{0};
    std::int64_t count_{0};
};

std::string hexadecimal(std::span<const unsigned char> bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

}  // namespace

Result<PixelDigest> digest_pixels(RunReader& run, const std::function<void(double)>& progress) {
    return digest_pixels(
        run.info(), [&](FrameIndex frame) { return run.read_decoded(frame); }, progress);
}

Result<PixelDigest> digest_pixels(const RunInfo& info, const ReadDecoded& read,
                                  const std::function<void(double)>& progress) {
    const auto no_hash = [&] {
        return fail(ErrorKind::internal, info.file.string(), "SHA-256 is not available",
                    "check the OpenSSL library");
    };
    const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
        return no_hash();
    }
    Statistics statistics(info.bits_allocated, info.is_signed);
    for (FrameIndex frame = 0; frame < info.frames; ++frame) {
        const auto bytes = read(frame);
        if (!bytes) {
            return tl::unexpected(bytes.error());
        }
        if (EVP_DigestUpdate(context.get(), bytes->data(), bytes->size()) != 1) {
            return no_hash();
        }
        statistics.add(*bytes);
        progress(static_cast<double>(frame + 1) / info.frames);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    if (EVP_DigestFinal_ex(context.get(), hash.data(), &length) != 1) {
        return no_hash();
    }
    PixelDigest digest;
    digest.sha256 = hexadecimal(std::span(hash).first(length));
    statistics.write_to(digest);
    return digest;
}

}  // namespace dsm
