// SPDX-License-Identifier: GPL-3.0-or-later
// One POST over plain HTTP/1.1 and its reply, bounded in bytes and time.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::agent {

struct HttpReply
{
    int status = 0;
    std::string body;
};

struct HttpPost
{
    std::string host;
    std::string port;
    std::string path;
    std::string key = {}; ///< bearer token
    std::string json;
    double seconds = 120;
    std::size_t mostBytes = std::size_t{1} << 20;
};

/// "host:port" as it stands in an address: an IPv6 host in brackets.
std::string placeOf(const std::string& host, const std::string& port);

/// Blocks for so many seconds at most, and for as long as the system takes to look up a name. Failed: nobody listens,
/// it took too long, the reply is longer or is no HTTP.
Result<HttpReply> post(const HttpPost& request);

/// A whole reply as it came: status line, headers, body by its length, its chunks, or until its end.
Result<HttpReply> readReply(std::string_view bytes);

} // namespace gradus::agent
