// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/http_exchange.h"

#include "base/text.h"

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include <curl/curl.h>

namespace gradus::agent {

namespace {

constexpr std::size_t kMostHead = 64 << 10; // bytes of a reply's headers

struct Closer
{
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(CURLU* address) const { curl_url_cleanup(address); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(char* text) const { curl_free(text); }
};
template <typename T>
using Owned = std::unique_ptr<T, Closer>;

std::string partOf(CURLU* address, CURLUPart part, unsigned flags = 0)
{
    char* text = nullptr;
    if (curl_url_get(address, part, &text, flags) != CURLUE_OK) return {};
    return Owned<char>(text).get();
}

/// What comes, as long as it is not too much.
struct Intake
{
    HttpReply reply;
    std::size_t mostBytes;
    std::size_t headBytes = 0;
    bool isTooLong = false;
};

std::size_t takeBody(char* bytes, std::size_t size, std::size_t count, void* data)
{
    auto& intake = *static_cast<Intake*>(data);
    intake.isTooLong = intake.reply.body.size() + size * count > intake.mostBytes;
    if (intake.isTooLong) return CURL_WRITEFUNC_ERROR;
    intake.reply.body.append(bytes, size * count);
    return size * count;
}

std::size_t takeHead(char*, std::size_t size, std::size_t count, void* data)
{
    auto& intake = *static_cast<Intake*>(data);
    intake.headBytes += size * count;
    intake.isTooLong = intake.headBytes > kMostHead;
    return intake.isTooLong ? CURL_WRITEFUNC_ERROR : size * count;
}

std::string whyNot(CURL* handle, CURLcode code, const char* words, const Intake& intake)
{
    if (intake.isTooLong || code == CURLE_FILESIZE_EXCEEDED) return "its reply is too long";
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return "it took too long";
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
        return "its reply ends too early";
    case CURLE_UNSUPPORTED_PROTOCOL: // of a reply that begins with no status line
    case CURLE_WEIRD_SERVER_REPLY:
        return "its reply is no HTTP";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "nobody who is trusted vouches for it (" + visible(words, 200) +
               "); name the file of its authority if you trust it";
    default:
        break;
    }
    long system = 0;
    if (code == CURLE_COULDNT_CONNECT && curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &system) == CURLE_OK &&
        system != 0)
        return std::strerror(static_cast<int>(system));
    return visible(*words != '\0' ? words : curl_easy_strerror(code), 200);
}

} // namespace

Result<HttpAddress> readAddress(const std::string& address)
{
    const std::string shown = "\"" + visible(address, 100) + "\"";
    const Owned<CURLU> read(curl_url());
    const bool isRead = read && address.find('\0') == std::string::npos &&
                        curl_url_set(read.get(), CURLUPART_URL, address.c_str(),
                                     CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER) == CURLUE_OK;
    const std::string scheme = isRead ? partOf(read.get(), CURLUPART_SCHEME) : std::string();
    const std::string host = isRead ? partOf(read.get(), CURLUPART_HOST) : std::string();
    const std::string port = isRead ? partOf(read.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT) : std::string();
    const bool isBare = isRead && partOf(read.get(), CURLUPART_ZONEID).empty() && // which the host's part leaves out
                        partOf(read.get(), CURLUPART_QUERY).empty() && partOf(read.get(), CURLUPART_FRAGMENT).empty();
    if ((scheme != "http" && scheme != "https") || host.empty() || port.empty() || port == "0" || !isBare)
        return badInput(shown + " is no address of a server; write it like http://127.0.0.1:8000/v1 or "
                                "https://models.example/v1, without a name, a password, a zone or a query.");
    return HttpAddress{.scheme = scheme, .place = host + ":" + port, .path = partOf(read.get(), CURLUPART_PATH)};
}

Result<HttpReply> post(const HttpPost& request)
{
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT); // once, whichever thread is first
    const std::string place = request.address.scheme + "://" + request.address.place;
    const auto silent = [&](const std::string& why) {
        return failed(visible(place, 120) + " gives no answer: " + why + ".");
    };
    Intake intake{.reply = {}, .mostBytes = request.mostBytes}; // both before the handle, which writes until it is gone
    char words[CURL_ERROR_SIZE] = "";
    const Owned<CURL> handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
    if (!handle) return silent("there is no memory for the question");
    std::vector<std::string> lines{"Content-Type: application/json", "Accept: application/json",
                                   "Expect:"}; // which would wait for leave to ask
    if (!request.key.empty()) lines.push_back("Authorization: Bearer " + request.key);
    Owned<curl_slist> headers;
    for (const std::string& line : lines) {
        curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
        if (longer == nullptr) return silent("there is no memory for the question");
        (void)headers.release();
        headers.reset(longer);
    }
    bool isSet = true;
    const auto set = [&](CURLoption option, auto value) {
        isSet = isSet && curl_easy_setopt(handle.get(), option, value) == CURLE_OK;
    };
    set(CURLOPT_ERRORBUFFER, words);
    set(CURLOPT_URL, (place + request.address.path).c_str());
    set(CURLOPT_PROTOCOLS_STR, request.address.scheme.c_str());
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, ""); // none, whatever the environment says
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!request.authorities.empty()) {
        set(CURLOPT_CAINFO, request.authorities.c_str());
        set(CURLOPT_CAPATH, static_cast<char*>(nullptr)); // those of the file alone
    }
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.seconds * 1000) + 1);
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.mostBytes));
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.json.size()));
    set(CURLOPT_POSTFIELDS, request.json.data());
    set(CURLOPT_WRITEFUNCTION, takeBody);
    set(CURLOPT_WRITEDATA, &intake);
    set(CURLOPT_HEADERFUNCTION, takeHead);
    set(CURLOPT_HEADERDATA, &intake);
    if (!isSet) return silent("this build of libcurl does not take all limits that the question needs");
    if (const CURLcode code = curl_easy_perform(handle.get()); code != CURLE_OK)
        return silent(whyNot(handle.get(), code, words, intake));
    long status = 0;
    (void)curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    intake.reply.status = static_cast<int>(status);
    return std::move(intake.reply);
}

} // namespace gradus::agent
