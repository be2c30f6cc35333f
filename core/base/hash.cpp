// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include "base/parts.h"
#include "base/rng.h"

#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include <openssl/evp.h>

namespace gradus {

namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Context beginSha256()
{
    Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    return context;
}

std::string finish(const Context& context)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += kHex[digest[i] >> 4];
        text += kHex[digest[i] & 15];
    }
    return text;
}

} // namespace

std::string sha256(std::string_view bytes)
{
    return sha256OfParts({bytes});
}

std::string sha256OfParts(const Parts& parts)
{
    const Context context = beginSha256();
    for (const std::string_view part : parts)
        EVP_DigestUpdate(context.get(), part.data(), part.size());
    return finish(context);
}

Result<std::string> sha256OfFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) return badInput("Cannot read " + path.string() + ": check that it exists and may be read.");
    const Context context = beginSha256();
    std::vector<char> buffer(1 << 20);
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
        EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(file.gcount()));
    if (file.bad()) return failed("Reading " + path.string() + " failed part-way: check the disk.");
    return finish(context);
}

std::uint64_t splitHash(std::string_view text, std::uint64_t seed)
{
    return Rng(seed, text).nextBits();
}

} // namespace gradus
