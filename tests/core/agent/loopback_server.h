// SPDX-License-Identifier: GPL-3.0-or-later
// A server of one answer on the loopback, plain or with a certificate that is made here and now.
#pragma once

#include <QtGlobal>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace gradus::tests {

/// A key and a certificate that it has signed itself.
class Certificate final
{
public:
    /// names: as a certificate has them, "IP:127.0.0.1"; days: from now until it ends, which may be past.
    explicit Certificate(const std::string& names = "IP:127.0.0.1", int days = 1)
        : m_key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free), m_certificate(X509_new(), X509_free)
    {
        X509* made = m_certificate.get();
        X509_set_version(made, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
        X509_gmtime_adj(X509_getm_notBefore(made), -10L * 24 * 3600);
        X509_gmtime_adj(X509_getm_notAfter(made), days * 24L * 3600);
        X509_set_pubkey(made, m_key.get());
        X509_NAME* name = X509_get_subject_name(made);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("loopback"), -1, -1,
                                   0);
        X509_set_issuer_name(made, name);
        X509V3_CTX context;
        X509V3_set_ctx(&context, made, made, nullptr, nullptr, 0);
        for (const auto& [kind, value] :
             {std::pair{NID_subject_alt_name, names}, std::pair{NID_basic_constraints, std::string("CA:TRUE")}}) {
            X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
            if (extension == nullptr || X509_add_ext(made, extension, -1) != 1) qFatal("no certificate");
            X509_EXTENSION_free(extension);
        }
        if (X509_sign(made, m_key.get(), EVP_sha256()) == 0) qFatal("no certificate");
    }
    void writeTo(const std::string& file) const
    {
        std::FILE* stream = std::fopen(file.c_str(), "w");
        if (stream == nullptr || PEM_write_X509(stream, m_certificate.get()) != 1) qFatal("no file of a certificate");
        std::fclose(stream);
    }
    EVP_PKEY* key() const { return m_key.get(); }
    X509* certificate() const { return m_certificate.get(); }

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> m_key;
    std::unique_ptr<X509, decltype(&X509_free)> m_certificate;
};

/// Answers every request on a port of the loopback with what it was given, and keeps what it was asked.
class LoopbackServer final
{
public:
    explicit LoopbackServer(std::string reply, const Certificate* certificate = nullptr)
        : m_reply(std::move(reply)), m_socket(::socket(AF_INET, SOCK_STREAM, 0)), m_tls(nullptr, SSL_CTX_free)
    {
        if (certificate != nullptr) {
            m_tls.reset(SSL_CTX_new(TLS_server_method()));
            if (SSL_CTX_use_certificate(m_tls.get(), certificate->certificate()) != 1 ||
                SSL_CTX_use_PrivateKey(m_tls.get(), certificate->key()) != 1)
                qFatal("no use of the certificate");
        }
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        if (::bind(m_socket, reinterpret_cast<sockaddr*>(&place), size) != 0 || ::listen(m_socket, 8) != 0 ||
            ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&place), &size) != 0)
            qFatal("no port on the loopback");
        m_port = ntohs(place.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~LoopbackServer()
    {
        ::shutdown(m_socket, SHUT_RDWR);
        ::close(m_socket);
        m_thread.join();
    }
    std::string address() const
    {
        return (m_tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(m_port);
    }
    /// The last request, whole; empty: nobody has said anything that could be read.
    std::string asked()
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }
    int connections() const { return m_connections; }

private:
    void serve()
    {
        for (;;) {
            const int one = ::accept(m_socket, nullptr, nullptr);
            if (one < 0) return;
            ++m_connections;
            if (m_tls) {
                const std::unique_ptr<SSL, decltype(&SSL_free)> spoken(SSL_new(m_tls.get()), SSL_free);
                SSL_set_fd(spoken.get(), one);
                if (SSL_accept(spoken.get()) == 1)
                    answer([&](char* part, int size) { return SSL_read(spoken.get(), part, size); },
                           [&] { return SSL_write(spoken.get(), m_reply.data(), static_cast<int>(m_reply.size())); });
                SSL_shutdown(spoken.get());
            } else {
                answer([&](char* part, int size) { return ::recv(one, part, static_cast<std::size_t>(size), 0); },
                       [&] { return ::send(one, m_reply.data(), m_reply.size(), MSG_NOSIGNAL); });
            }
            ::close(one);
        }
    }
    template <typename Read, typename Write>
    void answer(Read read, Write write)
    {
        std::string text;
        char part[4096];
        while (!isWhole(text)) {
            const auto count = read(part, sizeof part);
            if (count <= 0) break;
            text.append(part, static_cast<std::size_t>(count));
        }
        {
            const std::lock_guard lock(m_mutex);
            m_asked = text;
        }
        if (!m_reply.empty()) (void)write();
    }
    static bool isWhole(const std::string& text)
    {
        const std::size_t head = text.find("\r\n\r\n");
        const std::size_t length = text.find("Content-Length: ");
        return head != std::string::npos && length != std::string::npos &&
               text.size() >= head + 4 + std::stoul(text.substr(length + 16));
    }

    std::string m_reply;
    int m_socket;
    int m_port = 0;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> m_tls;
    std::atomic<int> m_connections{0};
    std::mutex m_mutex;
    std::string m_asked;
    std::thread m_thread;
};

} // namespace gradus::tests
